import { describe, expect, test } from 'vitest';
import { type Beat, beatAt, beats } from './beats';
import { hookEnter, RunScript, route, rule, wire } from './testing';

const told = (list: readonly Beat[]): string[] => list.map((b) => `${b.host} ${b.kind} ${b.glyph}`);

/** A packet comes in, is rewritten, routed and sent on. */
function forwarded(): RunScript {
  return new RunScript()
    .at('client', '1')
    .event({ type: 'step', kind: 'send' }, { type: 'born', how: 'send', parent: null, cause: null })
    .event(route('output'), wire('out', 'eth0', 'wan'))
    .at('router', '1')
    .event(wire('in', 'eth0', 'wan'), hookEnter('PREROUTING'))
    .fn('PREROUTING', 'conntrack', { type: 'conntrack', what: 'new' })
    .fn(
      'PREROUTING',
      'nat',
      rule('nat', 'PREROUTING', 2, 'DNAT'),
      {
        type: 'nat-setup',
        manip: 'dst',
        target: 'DNAT',
        before: { addr: '1.1.1.1', port: 80 },
        after: { addr: '2.2.2.2', port: 80 },
        entry: {} as never,
      },
      {
        type: 'nat',
        manip: 'dst',
        before: { addr: '1.1.1.1', port: 80 },
        after: { addr: '2.2.2.2', port: 80 },
        by: 'rule',
        hook: 'PREROUTING',
        undo: false,
      },
    )
    .event(route('input'), wire('out', 'eth1', 'lan'))
    .step();
}

describe('beats', () => {
  test('one for each thing that a person would tell', () => {
    expect(told(beats(forwarded().run()))).toEqual([
      'client route route',
      'client wire wire',
      'router conntrack new',
      'router matched hit',
      'router nat nat',
      'router route route',
      'router wire wire',
    ]);
  });

  test('what a rule asks of a set belongs to the rule', () => {
    const asked = {
      type: 'set',
      set: 's',
      what: 'test',
      element: '10.0.0.1',
      matched: true,
      probes: 1,
      size: 1,
    } as const;
    const run = new RunScript()
      .at('router', '1')
      .event(hookEnter('INPUT'), route('input'))
      .fn('INPUT', 'filter', asked, rule('filter', 'INPUT', 1, 'ACCEPT'))
      .step()
      .run();
    const [, met] = beats(run);
    expect(met).toMatchObject({ kind: 'matched', rule: met?.event });
    expect(run.events.slice(met?.first, met?.event).map((e) => e.type)).toContain('set');
  });

  test('every event belongs to a beat, in order, none to two', () => {
    const list = beats(forwarded().run());
    let next = 0;
    for (const beat of list) {
      expect(beat.first).toBe(next);
      expect(beat.event).toBeGreaterThanOrEqual(beat.say);
      expect(beat.say).toBeGreaterThanOrEqual(beat.first);
      next = beat.event + 1;
    }
  });

  test('places name the function and the chain', () => {
    const run = new RunScript()
      .at('h', '1')
      .fn(
        'INPUT',
        'filter',
        rule('filter', 'INPUT', 1, 'F2B', { hook: 'INPUT', verdict: 'jump' }),
        rule('filter', 'F2B', 'return', '', { hook: 'INPUT', depth: 1, verdict: 'return' }),
        rule('filter', 'INPUT', 'policy', '', { hook: 'INPUT' }),
      )
      .step()
      .run();
    const list = beats(run);
    expect(list.map((b) => b.kind)).toEqual(['jump', 'return', 'passed']);
    expect(list[1]?.place).toEqual({ at: 'function', family: 'ip', hook: 'INPUT', fn: 'filter', chain: 'F2B' });
    expect(list.map((b) => b.rule)).toEqual([1, 2, 3]);
  });

  test('a drop is at the function that dropped, also after it was left', () => {
    const run = new RunScript()
      .at('h', '1')
      .fn('INPUT', 'filter', rule('filter', 'INPUT', 'policy', 'DROP', { hook: 'INPUT', verdict: 'drop' }))
      .event({ type: 'drop', reason: 'NETFILTER_DROP', by: 'filter INPUT policy' })
      .step()
      .run();
    const list = beats(run);
    expect(told(list)).toEqual(['h matched bad', 'h drop bad']);
    expect(list[1]?.place).toMatchObject({ at: 'function', fn: 'filter' });
  });

  test('a state that follows a decision, and many flows that end, are one beat', () => {
    const run = new RunScript()
      .at('h', '1')
      .fn('PREROUTING', 'conntrack', { type: 'conntrack', what: 'found' }, { type: 'conntrack', what: 'update' })
      .at('h', '')
      .event({ type: 'conntrack', what: 'timeout' }, { type: 'conntrack', what: 'destroy' })
      .event({ type: 'conntrack', what: 'destroy' })
      .step()
      .run();
    expect(told(beats(run))).toEqual(['h conntrack conf', 'h conntrack gone']);
  });

  test('the arrival of a packet that nobody in the lab sent is a beat', () => {
    const run = new RunScript()
      .at('h', '1')
      .event(wire('in', 'eth0', 'lan'))
      .step()
      .run();
    expect(beats(run)[0]).toMatchObject({ kind: 'wire', place: { at: 'in', interface: 'eth0' } });
  });

  test('a step in which nothing else happens can be stood on', () => {
    const run = new RunScript().at('h', '').event({ type: 'step', kind: 'run' }).step().run();
    expect(beats(run)).toHaveLength(1);
  });

  test('the same thing has the same key in another run', () => {
    const keys = beats(forwarded().run()).map((b) => b.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(beats(forwarded().run()).map((b) => b.key)).toEqual(keys);
  });

  test('beatAt finds the beat that holds an event', () => {
    const list = beats(forwarded().run());
    expect(beatAt(list, -1)).toBe(-1);
    expect(beatAt(list, 0)).toBe(0);
    for (const b of list) {
      expect(beatAt(list, b.first)).toBe(b.index);
      expect(beatAt(list, b.event)).toBe(b.index);
    }
    expect(beatAt(list, 9999)).toBe(list.length - 1);
    expect(beatAt([], 3)).toBe(-1);
  });
});

test('what a SYN proxy does is a beat of its own; any other remark belongs to what it explains', () => {
  const script = new RunScript()
    .at('router', '1')
    .event(wire('in', 'eth0', 'wan'), hookEnter('INPUT'))
    .fn('INPUT', 'filter', rule('filter', 'INPUT', 1, 'SYNPROXY'), { type: 'note', note: 'synproxy-cookie' })
    .fn('INPUT', 'security', rule('security', 'INPUT', 1, 'REJECT'), { type: 'note', note: 'reject-silent' })
    .step();
  expect(told(beats(script.run())).slice(-3)).toEqual([
    'router matched hit',
    'router function here',
    'router matched hit',
  ]);
});
