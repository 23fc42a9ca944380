import { expect, test } from 'vitest';
import type { RunResult } from '../../src/engine';
import type { Beat } from '../store';
import { beats } from '../store';
import { hookEnter, hookLeave, RunScript, route, rule, wire } from '../store/testing';
import { layout } from './layout';
import { FULL, hostView } from './testing';
import { chainsOf, visitOf, type Walk, walk } from './walk';

const graph = layout(hostView(FULL), { family: 'ip' });

function at(run: RunResult, pick: (b: Beat) => boolean, host = 'router'): Walk {
  const beat = beats(run).findLast(pick);
  return walk(visitOf(run, beat, host), beat, graph);
}

/** In by eth0, a DNAT, a decision in FORWARD, out by eth1. */
const forwarded = new RunScript()
  .at('router', '1')
  .event({ type: 'step', kind: 'receive' }, wire('in', 'eth0', 'wan'), hookEnter('PREROUTING'))
  .fn('PREROUTING', 'raw', rule('raw', 'PREROUTING', 'policy', 'ACCEPT'))
  .fn('PREROUTING', 'conntrack', { type: 'conntrack', what: 'new' })
  .fn('PREROUTING', 'nat', rule('nat', 'PREROUTING', 2, 'DNAT'))
  .event(route('input'), hookEnter('FORWARD'))
  .fn('FORWARD', 'filter', rule('filter', 'FORWARD', 3, 'ACCEPT', { hook: 'FORWARD' }))
  .event(wire('out', 'eth1', 'lan'))
  .step()
  .run();

test('while the packet is at a rule', () => {
  const w = at(forwarded, (b) => b.kind === 'matched' && b.hue === 'nat');
  expect(w.here).toBe(true);
  expect(w.current).toBe('fn:PREROUTING/nat');
  expect(w.currentHook).toBe('PREROUTING');
  expect(w.cards.get('fn:PREROUTING/nat')).toEqual({ state: 'current', text: 'rule 2 matches', mark: 'nat' });
  expect(w.cards.get('fn:PREROUTING/raw')).toMatchObject({ state: 'passed', mark: 'pass' });
  expect(w.cards.get('fn:PREROUTING/conntrack')).toMatchObject({ text: 'new flow' });
  expect(w.cards.has('fn:FORWARD/filter')).toBe(false);
  expect(w.ahead).toContain('fn:FORWARD/filter');
  expect(w.ahead).not.toContain('fn:INPUT/filter');
  expect(w.way[0]).toBe('wire-in:eth0');
  expect(w.way.slice(w.wayBefore)).toEqual(['fn:PREROUTING/mangle', 'fn:PREROUTING/nat']);
});

test('when it has left', () => {
  const w = at(forwarded, (b) => b.kind === 'wire' && b.place.at === 'wire');
  expect(w.current).toBe('wire-out:eth1');
  expect(w.ahead).toEqual([]);
  expect(w.cards.get('fn:FORWARD/filter')).toEqual({ state: 'matched', text: 'rule 3 · ACCEPT', mark: 'hit' });
  expect([...w.entered]).toEqual(['PREROUTING', 'FORWARD']);
});

test('another host knows nothing of it', () => {
  expect(at(forwarded, () => true, 'web').way).toEqual([]);
});

test('a drop ends the way and marks the card, and says whether it was a REJECT', () => {
  const script = (target: string): RunResult =>
    new RunScript()
      .at('router', '1')
      .event(wire('in', 'eth0', 'wan'), hookEnter('PREROUTING'), route('input', 'local'), hookEnter('INPUT'))
      .fn('INPUT', 'filter', rule('filter', 'INPUT', 1, target, { hook: 'INPUT', verdict: 'drop' }))
      .event({ type: 'drop', reason: 'NETFILTER_DROP', by: 'filter INPUT 1' })
      .step()
      .run();
  const dropped = at(script('DROP'), (b) => b.kind === 'drop');
  expect(dropped).toMatchObject({ ended: 'dropped', current: 'fn:INPUT/filter', ahead: [] });
  expect(dropped.cards.get('fn:INPUT/filter')).toMatchObject({ state: 'dropped', mark: 'bad' });
  expect(at(script('REJECT'), (b) => b.kind === 'drop')).toMatchObject({ ended: 'rejected' });
});

test('what is dropped behind the last hooks was dropped by no function', () => {
  const lost = new RunScript()
    .at('router', '1')
    .event(wire('in', 'eth0', 'wan'), hookEnter('PREROUTING'), route('input'), hookEnter('FORWARD'))
    .fn('FORWARD', 'filter', rule('filter', 'FORWARD', 3, 'ACCEPT', { hook: 'FORWARD' }))
    .event(hookLeave('FORWARD', 'eth1'), hookEnter('POSTROUTING'), hookLeave('POSTROUTING', 'eth1'))
    .event({ type: 'neighbour', dev: 'eth1', addr: '10.0.0.9', mac: null })
    .event({ type: 'drop', reason: 'NEIGH_FAILED', by: 'neigh_event_send' })
    .step()
    .run();
  const lostAt = at(lost, (b) => b.kind === 'drop');
  expect(lostAt).toMatchObject({ ended: 'dropped', current: 'out:eth1', currentHook: null });
  expect(lostAt.cards.get('fn:FORWARD/filter')).toEqual({ state: 'matched', text: 'rule 3 · ACCEPT', mark: 'hit' });

  const ignored = new RunScript()
    .at('router', '1')
    .event(wire('in', 'eth0', 'wan'), hookEnter('PREROUTING'), route('input', 'local'), hookEnter('INPUT'))
    .fn('INPUT', 'filter', rule('filter', 'INPUT', 1, 'ACCEPT', { hook: 'INPUT' }))
    .event(hookLeave('INPUT'), { type: 'drop', reason: 'UDP_CSUM', by: 'udp_csum_pull_header' })
    .step()
    .run();
  const ignoredAt = at(ignored, (b) => b.kind === 'drop');
  expect(ignoredAt).toMatchObject({ ended: 'dropped', current: 'local:in' });
  expect(ignoredAt.cards.get('fn:INPUT/filter')).toMatchObject({ state: 'matched', mark: 'hit' });
});

test('a table that is not asked is skipped, with the reason', () => {
  const head = { family: 'ip', hook: 'PREROUTING', name: 'nat', subsystem: 'nat', priority: -100 } as const;
  const run = new RunScript()
    .at('router', '1')
    .event(wire('in', 'eth0', 'wan'), hookEnter('PREROUTING'))
    .event({ type: 'function-enter', ...head })
    .event({ type: 'function-leave', ...head, verdict: 'accept', skipped: 'flow-known' }, route('input'))
    .step()
    .run();
  expect(at(run, (b) => b.kind === 'route').cards.get('fn:PREROUTING/nat')).toMatchObject({
    state: 'skipped',
    text: 'skipped: known',
  });
});

test('user chains open, and a return does not lead the packet back', () => {
  const run = new RunScript()
    .at('router', '1')
    .event(wire('in', 'eth0', 'wan'), hookEnter('PREROUTING'), route('input'), hookEnter('FORWARD'))
    .fn(
      'FORWARD',
      'filter',
      rule('filter', 'FORWARD', 1, 'DOCKER', { hook: 'FORWARD', verdict: 'jump' }),
      rule('filter', 'DOCKER', 'return', '', { hook: 'FORWARD', verdict: 'return', depth: 1 }),
      rule('filter', 'FORWARD', 'policy', '', { hook: 'FORWARD' }),
    )
    .step()
    .run();
  const list = beats(run);
  const visit = visitOf(run, list[0], 'router');
  const chains = chainsOf(visit);
  expect([...chains]).toEqual([['fn:FORWARD/filter', ['DOCKER']]]);
  const open = layout(hostView(FULL), { family: 'ip', chains });
  const stops = list.map((b) => walk(visitOf(run, b, 'router'), b, open).current);
  expect(stops.slice(-3)).toEqual(['fn:FORWARD/filter', 'fn:FORWARD/filter/DOCKER', 'fn:FORWARD/filter/DOCKER']);
});

test('a packet that comes again begins anew', () => {
  const again = new RunScript()
    .at('router', '1')
    .event(wire('in', 'eth0', 'wan'), route('input'), wire('out', 'eth1', 'lan'))
    .event(wire('in', 'eth1', 'lan'), route('input'), wire('out', 'eth0', 'wan'))
    .step()
    .run();
  const routes = beats(again).filter((b) => b.kind === 'route');
  const ways = routes.map((b) => walk(visitOf(again, b, 'router'), b, graph).way[0]);
  expect(ways).toEqual(['wire-in:eth0', 'wire-in:eth1']);
});

test('a packet to the host itself goes round', () => {
  const run = new RunScript()
    .at('router', '1')
    .event({ type: 'born', how: 'socket', parent: null, cause: null }, route('output', 'local'), hookEnter('OUTPUT'))
    .event(hookEnter('POSTROUTING'), { type: 'loopback' }, hookEnter('PREROUTING'), route('input', 'local'))
    .event({ type: 'deliver', to: 'listener', protocol: 6, port: 80 })
    .step()
    .run();
  const w = at(run, (b) => b.kind === 'deliver');
  expect(w.way[0]).toBe('local:out');
  expect(w.way).toContain('loop');
  expect(w.current).toBe('local:in');
});
