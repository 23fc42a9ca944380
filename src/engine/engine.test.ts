import { beforeAll, describe, expect, it } from 'vitest';
import { type Lab, RulesetCache, Run, replayTo, shippedLabs, wholeToolbox } from '../lab';
import { createEngine, renderSentence, runLab } from '.';
import { commonSteps, sameStart } from './same';

const labs = new Map(await Promise.all(shippedLabs.map(async ({ name, load }) => [name, await load()] as const)));
const names = [...labs.keys()];
const router = labs.get('home-router')!;

describe('shipped labs', () => {
  it.each(names)('%s runs without a refusal, to the end', (name) => {
    const result = createEngine().load(labs.get(name));
    expect(result.refused).toBeNull();
    expect(result.texts).toEqual([]);
    expect(result.notModelled).toEqual([]);
    expect(result.steps.map((s) => s.outcome.kind)).not.toContain('stopped');
    for (const step of result.steps)
      for (const packet of step.packets) expect(packet.outcome).not.toEqual({ kind: 'done', note: 'under way' });
  });

  it.each(names)('%s runs the same twice', (name) => {
    expect(runLab(labs.get(name))).toEqual(runLab(labs.get(name)));
  });

  it.each(names)('%s is played again from its checkpoints as it was played first', (name) => {
    const run = Run.start(labs.get(name)!, new RulesetCache(wholeToolbox));
    for (const _ of run.play());
    const { events } = run.recorder;
    for (const { from, to } of run.story().userSteps) {
      const again: unknown[] = [];
      replayTo(run, to - 1, { event: (event) => again.push({ ...event, frame: 0 }) });
      // From the checkpoint on, which may be that of a step before.
      expect(again.length).toBeGreaterThanOrEqual(to - from);
      expect(again).toEqual(events.slice(to - again.length, to).map((event) => ({ ...event, frame: 0 })));
    }
  });

  it.each(names)('%s has a sentence for each event', (name) => {
    const engine = createEngine();
    const { events } = engine.load(labs.get(name));
    const said = engine.explain(0, events.length);
    expect(said).toHaveLength(events.length);
    for (const one of said) expect(renderSentence(one).length).toBeGreaterThan(0);
  });
});

it('a rule has the line that it had before the step, though its checkpoint is no longer kept', () => {
  const steps = 48;
  // So many hosts that the worlds after all commands would be too much to keep.
  const others = Array.from({ length: 160 }, (_, i) => [`h${i}`, { interfaces: { eth0: { segment: `s${i}` } } }]);
  const rules = '-A OUTPUT -p udp -m udp --dport 7\n'.repeat(steps + 1);
  const packet = { src: '10.0.0.1', dst: '10.0.0.2', udp: { sport: 1, dport: 7 } };
  const engine = createEngine();
  const { events } = engine.load({
    format: 'lab/1',
    name: 'many',
    description: '',
    hosts: {
      ...Object.fromEntries(others),
      h: {
        interfaces: { eth0: { segment: 'lan', addresses: ['10.0.0.1/24'] } },
        iptables: `*filter\n:OUTPUT ACCEPT [0:0]\n${rules}COMMIT\n`,
      },
    },
    steps: Array.from({ length: steps }, () => [
      { run: { host: 'h', command: 'iptables -D OUTPUT 1' } },
      { send: { host: 'h', packet } },
    ]).flat(),
  });
  const firsts = events.filter((event) => event.type === 'rule' && event.rule === 1);
  const lines = firsts.map(({ id }) => engine.explain(id, id + 1)[0]!.link);
  expect(lines).toEqual(Array.from({ length: steps }, (_, i) => ({ ...lines[0], line: i + 4 })));
});

describe('moments', () => {
  const engine = createEngine();
  let run: ReturnType<typeof engine.load>;
  beforeAll(() => {
    run = engine.load(router);
  });

  it('have the state of all hosts', () => {
    const start = engine.stateAt(-1).hosts.find((h) => h.name === 'router')!;
    expect(start.conntrack).toMatchObject({ active: true, entries: [], unconfirmed: [] });
    const nat = run.events.findIndex((e) => e.type === 'nat' && e.manip === 'dst' && e.host === 'router');
    const then = engine.stateAt(nat).hosts.find((h) => h.name === 'router')!;
    expect(then.conntrack.entries).toEqual([]);
    expect(then.conntrack.unconfirmed).toMatchObject([{ confirmed: false, dstNat: true, reply: { src: '10.0.0.5' } }]);
    expect(then.counters['nat PREROUTING 2']).toEqual([1, 44]);
    const end = engine.stateAt(run.events.length - 1).hosts.find((h) => h.name === 'router')!;
    expect(end.conntrack.entries.length).toBeGreaterThan(0);
    expect(Object.fromEntries(Object.entries(runLab(router).end!.router!.counters!))).toEqual(end.counters);
  });

  it('tell what each rule made of the packet', () => {
    const event = run.events.findIndex(
      (e) => e.type === 'rule' && e.table === 'nat' && e.rule === 2 && e.host === 'router',
    );
    const tried = engine.tried(event);
    expect(tried).toMatchObject({ family: 'ip', table: 'nat', chain: 'PREROUTING', policy: 'ACCEPT' });
    expect(tried.rules.map((r) => r.outcome).slice(0, 3)).toEqual(['failed', 'matched', 'not-reached']);
    expect(tried.rules[0]!.criteria.map((c) => [c.text, c.outcome])).toContainEqual(['--dport 443', 'no']);
  });

  it('take a command, of which nothing stays', () => {
    const before = engine.exec(run.events.length - 1, 'router', 'iptables -t nat -S PREROUTING');
    expect(before).toMatchObject({ exit: 0, step: false });
    expect(before.output).toContain(
      '-A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.5:8080\n',
    );
    expect(engine.exec(run.events.length - 1, 'router', 'iptables -t nat -F PREROUTING')).toMatchObject({
      step: true,
    });
    expect(engine.exec(run.events.length - 1, 'router', 'iptables -t nat -S PREROUTING')).toEqual(before);
    expect(engine.exec(0, 'router', 'frobnicate')).toMatchObject({ exit: 127, step: false });
  });
});

describe('hosts that commands configure', () => {
  const steps = [
    { run: { host: 'client', command: 'ip route' } },
    { run: { host: 'client', command: 'iptables -t nat -A POSTROUTING -j MASQUERADE' } },
    { run: { host: 'client', command: 'iptables -P OUTPUT DROP' } },
  ];
  const engine = createEngine();
  const run = engine.load({ ...router, steps });
  const at = (step: number) => engine.stateAt(run.steps[step]!.to - 1).reconfigured;

  it('are told as they stand at the moment', () => {
    const hook = (step: number, name: string, table: string) =>
      at(step)
        .flatMap((host) => (host.name === 'client' ? host.hooks : []))
        .find((h) => h.hook === name)
        ?.functions.find((fn) => fn.table === table);
    expect(run.hosts.find((h) => h.name === 'client')?.hooks).toEqual([]);
    expect(hook(1, 'POSTROUTING', 'nat')).toMatchObject({ rules: 1, policy: 'ACCEPT' });
    expect(hook(1, 'OUTPUT', 'filter')).toBeUndefined();
    expect(hook(2, 'OUTPUT', 'filter')).toMatchObject({ rules: 0, policy: 'DROP' });
  });
  it('are only those that stand in another way', () => {
    expect(engine.stateAt(-1).reconfigured).toEqual([]);
    expect(at(0)).toEqual([]);
    expect(at(2).map((h) => h.name)).toEqual(['client']);
  });
});

describe('a lab that is loaded again', () => {
  const edits: readonly (readonly [string, (lab: Lab) => Lab])[] = [
    ['the same', (lab) => lab],
    ['another last step', (lab) => ({ ...lab, steps: [...lab.steps.slice(0, -1), { wait: { seconds: 1 } }] })],
    ['one step more', (lab) => ({ ...lab, steps: [...lab.steps, { wait: { seconds: 1 } }] })],
    ['one step less', (lab) => ({ ...lab, steps: lab.steps.slice(0, -1) })],
    ['another first step', (lab) => ({ ...lab, steps: [{ wait: { seconds: 1 } }, ...lab.steps.slice(1)] })],
    ['no step', (lab) => ({ ...lab, steps: [] })],
    ['another title', (lab) => ({ ...lab, title: 'x' })],
    ['another rule', (lab) => ({ ...lab, hosts: { ...lab.hosts, web: { ...lab.hosts.web!, iptables: '' } } })],
  ];

  it.each(edits)('gives what a fresh run gives: %s', (_, edit) => {
    const engine = createEngine();
    engine.load(router);
    const again = engine.load(edit(router));
    const fresh = createEngine();
    const first = fresh.load(edit(router));
    expect(again).toEqual(first);
    const last = again.events.length - 1;
    expect(engine.stateAt(last)).toEqual(fresh.stateAt(last));
    // And back, so that nothing of the first run was lost.
    expect(engine.load(router)).toEqual(createEngine().load(router));
  });

  it('knows what begins alike', () => {
    expect(sameStart(router, structuredClone(router))).toBe(true);
    expect(sameStart(router, { ...router, seed: 7 })).toBe(false);
    expect(sameStart(router, { ...router, hosts: Object.fromEntries(Object.entries(router.hosts).reverse()) })).toBe(
      false,
    );
    expect(commonSteps(router, structuredClone(router))).toBe(router.steps.length);
    expect(commonSteps(router, { ...router, steps: router.steps.slice(1) })).toBe(0);
  });
});

describe('broken text', () => {
  const text = router.hosts.router!.iptables!;
  const broken = (iptables: string): Lab => ({
    ...router,
    hosts: { ...router.hosts, router: { ...router.hosts.router!, iptables } },
  });

  it('is refused in the recording, and left out of the run', () => {
    const lab = broken(text.replace('--dport 443 -j DNAT', '--dport 443 -j DNTA'));
    const line = text.split('\n').findIndex((l) => l.includes('--dport 443')) + 1;
    expect(runLab(lab)).toMatchObject({ refused: { host: 'router', tool: 'iptables' } });
    expect(runLab(lab).steps).toBeUndefined();
    const result = createEngine().load(lab);
    expect(result.refused).toMatchObject({ host: 'router', tool: 'iptables' });
    expect(result.texts).toMatchObject([{ host: 'router', member: 'iptables', leftOut: [line] }]);
    expect(result.steps[0]!.outcome).toMatchObject({ kind: 'done' });
  });

  it('of a route is left out, too', () => {
    const lab: Lab = {
      ...router,
      hosts: { ...router.hosts, laptop: { ...router.hosts.laptop!, routes: 'default via nowhere\n' } },
    };
    const result = createEngine().load(lab);
    expect(result.refused).toMatchObject({ host: 'laptop', tool: 'routes', line: 1 });
    expect(result.steps[1]!.outcome).toEqual({ kind: 'error', errno: 'ENETUNREACH' });
  });
});

describe('the state of a moment', () => {
  const packet = (src: string, dst: string) => ({
    receive: { host: 'h', interface: 'eth0', packet: { src, dst, udp: { sport: 1, dport: 2 } } },
  });
  const lab = {
    format: 'lab/1',
    name: 'moments',
    hosts: {
      h: {
        interfaces: { eth0: { segment: 's', addresses: ['10.0.0.1/24', '2001:db8::1/64'] } },
        conntrack: true,
        sysctl: { 'net.netfilter.nf_conntrack_udp_timeout': '45' },
        rules6: '50: from 2001:db8:1::/48 lookup main\n',
        iptables: '*filter\n-A INPUT -m recent --set --name seen --rsource\nCOMMIT\n',
        ip6tables: '*filter\n-A INPUT -m limit --limit 1/hour --limit-burst 2\nCOMMIT\n',
      },
    },
    steps: [packet('10.0.0.2', '10.0.0.1'), packet('2001:db8::2', '2001:db8::1'), { wait: { seconds: 15 } }],
  };

  it('has what the rules of each family keep, and the rules of routing of each', () => {
    const engine = createEngine();
    const { steps } = engine.load(lab);
    const [state] = engine.stateAt(steps[1]!.to - 1).hosts;
    expect(state!.ruleState).toEqual({
      'filter INPUT 1': [
        { what: 'recent', value: 'list seen: 1 address', rows: [{ key: '10.0.0.2', text: '1 time, last 0 s ago' }] },
      ],
      'ip6 filter INPUT 1': [{ what: 'limit', value: '1 of 2 packets may pass at once', share: 0.5 }],
    });
    expect(state!.rules.filter((r) => r.family === 'ip6').map((r) => r.priority)).toEqual([0, 50, 32766]);
    expect(state!.rules.filter((r) => r.family === 'ip')).toHaveLength(3);
  });

  it('after the last event of a step is what the step leaves behind', () => {
    const engine = createEngine();
    const { steps } = engine.load(lab);
    const [, flow] = engine.stateAt(steps[2]!.to - 1).hosts[0]!.conntrack.entries.toSorted((a, b) => a.id - b.id);
    expect(flow).toMatchObject({ family: 6, timeSpan: 45e6, timeLeft: 30e6 });
  });
});
