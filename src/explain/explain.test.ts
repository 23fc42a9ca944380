import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConnSnapshot, EventBody, EventOf, EventType, TraceEvent } from '../model';
import { makeTcp, makeUdp, TCP_SYN } from '../wire';
import { type ExplainContext, explain } from '.';
import { sentences } from './english';
import { renderSentence, sentenceText } from './render';

const packet = makeTcp({ src: '198.51.100.7', dst: '203.0.113.1', sport: 40000, dport: 80, flags: TCP_SYN });

const context: ExplainContext = {
  packet,
  lineOf: () => 7,
  lastRule: null,
  ownerOf: () => '',
};

function event(body: EventBody): TraceEvent {
  const head = { id: 3, step: 0, userStep: 0, at: 0, host: 'router', packet: '1', frame: 0, mark: 0 };
  return { ...head, ...body };
}

const entry: ConnSnapshot = {
  id: 1,
  protocol: 'tcp',
  state: 'SYN_SENT',
  original: { src: '198.51.100.7', dst: '203.0.113.1', sport: 40000, dport: 80 },
  reply: { src: '10.0.0.5', dst: '198.51.100.7', sport: 8080, dport: 40000 },
  status: ['UNREPLIED'],
  mark: 0,
  zone: 0,
  confirmed: true,
  srcNat: false,
  dstNat: true,
  seenReply: false,
  dying: false,
  timeLeft: 1,
  timeSpan: 1,
  family: 4,
};

const before = { addr: '203.0.113.1', port: 80 };
const after = { addr: '10.0.0.5', port: 8080 };
const rule = {
  type: 'rule',
  tool: 'iptables',
  family: 'ip',
  table: 'nat',
  chain: 'PREROUTING',
  hook: 'PREROUTING',
  in: 'eth0',
  out: '',
  from: 1,
  to: 2,
  rule: 2,
  target: 'DNAT',
  verdict: 'accept',
  depth: 0,
} as const;
const fn = { family: 'ip', hook: 'PREROUTING', name: 'nat', subsystem: 'nat', priority: -100 } as const;
const route = {
  type: 'route',
  family: 'ip',
  src: '198.51.100.7',
  dst: '10.0.0.5',
  iif: 'eth0',
  oif: '',
  dev: 'eth1',
  route: '10.0.0.0/24 dev eth1',
  table: 'main',
  considered: [],
} as const;

/** Every event type with every value that leads to another sentence. The type makes sure that none is forgotten. */
const bodies: { readonly [T in EventType]: readonly Extract<EventBody, { type: T }>[] } = {
  step: (['send', 'receive', 'run', 'wait', 'connect', 'ping', 'udp'] as const).map((kind) => ({ type: 'step', kind })),
  born: (['send', 'receive', 'socket', 'reply', 'error', 'reject', 'fragment', 'copy', 'reassembled'] as const).map(
    (how) => ({ type: 'born', how, parent: null, cause: null }),
  ),
  wire: [
    { type: 'wire', interface: 'eth0', direction: 'in', segment: 'lan' },
    { type: 'wire', interface: 'eth0', direction: 'in', segment: 'lan', otherhost: true },
    { type: 'wire', interface: 'eth0', direction: 'out', segment: 'lan' },
  ],
  loopback: [{ type: 'loopback' }],
  bridge: [
    { type: 'bridge', bridge: 'br0', port: 'eth0', to: [], local: true },
    { type: 'bridge', bridge: 'br0', port: 'eth0', to: [], local: false },
    { type: 'bridge', bridge: 'br0', port: 'eth0', to: ['eth1'], local: false },
    { type: 'bridge', bridge: 'br0', port: 'eth0', to: ['eth1', 'eth2'], local: false },
    { type: 'bridge', bridge: 'br0', port: 'eth0', to: ['eth1'], local: true },
  ],
  'hook-enter': (['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING', 'INGRESS', 'EGRESS'] as const).map(
    (hook) => ({ type: 'hook-enter', family: 'ip', hook, in: 'eth0', out: 'eth1' }),
  ),
  'hook-leave': (['accept', 'drop', 'queue', 'stolen'] as const).map((verdict) => ({
    type: 'hook-leave',
    family: 'ip',
    hook: 'INPUT',
    verdict,
    in: 'eth0',
    out: '',
  })),
  'function-enter': (
    ['defrag', 'iptables', 'conntrack', 'nat', 'synproxy', 'confirm', 'nft', 'ipvs', 'bpf', 'user'] as const
  ).map((subsystem) => ({ type: 'function-enter', ...fn, subsystem })),
  'function-leave': [
    ...(['accept', 'drop', 'queue', 'stolen'] as const).map(
      (verdict) => ({ type: 'function-leave', ...fn, verdict }) as const,
    ),
    ...(['flow-known', 'untracked', 'conntrack-off', 'invalid', 'no-match'] as const).map(
      (skipped) => ({ type: 'function-leave', ...fn, verdict: 'accept', skipped }) as const,
    ),
  ],
  rule: [
    rule,
    { ...rule, target: 'MASQUERADE' },
    { ...rule, target: 'NETMAP' },
    { ...rule, target: 'REJECT', verdict: 'drop' },
    { ...rule, target: 'NOTRACK', verdict: 'continue' },
    { ...rule, target: '', verdict: 'continue' },
    ...(['accept', 'drop', 'return', 'jump', 'goto', 'continue', 'queue', 'stolen'] as const).flatMap((verdict) => [
      { ...rule, target: 'X', verdict },
      { ...rule, target: 'X', verdict, depth: 1 },
      { ...rule, tool: 'nft' as const, verdict, nftVerdict: 'accept' },
    ]),
    { ...rule, rule: 'policy' },
    { ...rule, rule: 'policy', verdict: 'drop' },
    { ...rule, rule: 'policy', from: 1, to: 2 },
    { ...rule, rule: 'policy', verdict: 'drop', from: 1, to: 2 },
    { ...rule, rule: 'policy', to: 1 },
    { ...rule, rule: 'policy', verdict: 'drop', to: 1 },
    { ...rule, rule: 'return', verdict: 'return' },
    { ...rule, tool: 'nft', rule: 'policy' },
    { ...rule, tool: 'nft', rule: 'return' },
  ],
  route: (
    [
      'local',
      'unicast',
      'broadcast',
      'multicast',
      'unreachable',
      'prohibit',
      'blackhole',
      'throw',
      'no-route',
      'martian-source',
      'martian-destination',
      'rp-filter',
    ] as const
  ).flatMap((result) =>
    (['input', 'output', 'reroute'] as const).flatMap((kind) => [
      { ...route, kind, result, gateway: null },
      { ...route, kind, result, gateway: '203.0.113.254' },
    ]),
  ),
  nat: (['src', 'dst'] as const).flatMap((manip) =>
    (['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'] as const).flatMap((hook) => [
      { type: 'nat', manip, before, after, by: 'rule', hook, undo: false },
      { type: 'nat', manip, before, after, by: 'entry', hook, undo: false },
      { type: 'nat', manip, before, after, by: 'entry', hook, undo: true },
      { type: 'nat', manip, before, after, by: 'entry', hook, undo: false, inner: true },
    ]),
  ),
  'nat-setup': (['src', 'dst'] as const).flatMap((manip) => [
    { type: 'nat-setup', manip, target: 'DNAT', before, after, entry },
    { type: 'nat-setup', manip, target: '', before, after: before, entry },
    { type: 'nat-setup', manip, target: 'DNAT', before, after, entry, failed: true },
    ...(['collision', 'random', 'range'] as const).map(
      (portChosen) => ({ type: 'nat-setup', manip, target: 'DNAT', before, after, entry, portChosen }) as const,
    ),
  ]),
  conntrack: [
    ...(
      [
        'new',
        'found',
        'related',
        'invalid',
        'untracked',
        'confirm',
        'update',
        'destroy',
        'expect',
        'clash',
        'full',
        'early-drop',
        'timeout',
        'flush',
        'delete',
      ] as const
    ).flatMap((what) => [
      { type: 'conntrack', what } as const,
      { type: 'conntrack', what, entry, stateChanged: true, reason: 'something-new' } as const,
    ]),
    ...(['NEW', 'ESTABLISHED', 'ESTABLISHED_REPLY', 'RELATED', 'RELATED_REPLY'] as const).map(
      (ctinfo) => ({ type: 'conntrack', what: 'found', ctinfo, entry }) as const,
    ),
  ],
  change: (
    [
      'ttl',
      'mark',
      'connmark',
      'tos',
      'dscp',
      'ecn',
      'mss',
      'priority',
      'secmark',
      'df',
      'tcp-options',
      'checksum',
      'label',
      'flags',
      'hoplimit',
      'payload',
      'src',
      'dst',
      'sport',
      'dport',
    ] as const
  ).flatMap((field) => [
    { type: 'change', field, before: 64, after: 63, by: 'ip_forward' },
    { type: 'change', field, before: 64, after: 10, by: 'TTL' },
  ]),
  log: [{ type: 'log', target: 'LOG', prefix: 'x ', text: 'x IN=eth0', level: 4 }],
  set: (['test', 'add', 'del'] as const).flatMap((what) =>
    [true, false].map((matched) => ({ type: 'set', set: 's', what, element: '10.0.0.1', matched, probes: 1, size: 2 })),
  ),
  drop: ['NETFILTER_DROP', 'IP_RPFILTER', 'SOMETHING_NEW'].map((reason) => ({
    type: 'drop',
    reason,
    by: 'filter INPUT',
  })),
  deliver: (['listener', 'client', 'own-port', 'icmp', 'raw', 'closed'] as const).flatMap((to) => [
    { type: 'deliver', to, protocol: 6, port: 80, service: 'echo' },
    { type: 'deliver', to, protocol: 6, port: null },
  ]),
  neighbour: [
    { type: 'neighbour', dev: 'eth0', addr: '10.0.0.5', mac: null },
    { type: 'neighbour', dev: 'eth0', addr: '10.0.0.5', mac: null, waits: true },
    { type: 'neighbour', dev: 'eth0', addr: '10.0.0.5', mac: '02:00:00:00:00:01' },
  ],
  fragment: (['queued', 'reassembled', 'split', 'timeout'] as const).map((what) => ({
    type: 'fragment',
    what,
    pieces: 2,
  })),
  queue: (['accept', 'drop', 'repeat', 'queue', 'stolen', 'bypass', 'nobody listens'] as const).flatMap((answer) => [
    { type: 'queue', queue: 1, answer },
    { type: 'queue', queue: 1, answer, program: 'scanner', rule: 0 },
    { type: 'queue', queue: 1, answer, program: 'scanner', rule: 2, changed: true, to: 3 },
  ]),
  command: [
    { type: 'command', command: 'iptables -F', exit: 0, output: '', record: false },
    { type: 'command', command: 'conntrack -C', exit: 0, output: '4\n', record: false },
    { type: 'command', command: 'iptables -F', exit: 1, output: '', record: false },
  ],
  wait: [{ type: 'wait', seconds: 2 }],
  'send-error': (['EPERM', 'ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'EINVAL', 'EMSGSIZE', 'ENOBUFS'] as const).map(
    (errno) => ({ type: 'send-error', errno }),
  ),
  'not-modelled': [{ type: 'not-modelled', what: '-m u32' }],
  note: [
    { type: 'note', note: 'something-new' },
    { type: 'note', note: 'synproxy-cookie-back', params: { mss: 1460 } },
    { type: 'note', note: 'synproxy-answered', params: { server: 7, client: 9, offset: 2 } },
    { type: 'note', note: 'masquerade-no-address', params: { dev: 'eth0' } },
  ],
  stopped: [{ type: 'stopped', why: 'budget' }],
};

describe('explain', () => {
  for (const [type, list] of Object.entries(bodies)) {
    it(`has a sentence for every ${type}`, () => {
      expect(list.length).toBeGreaterThan(0);
      for (const body of list) {
        const text = sentenceText(explain(event(body), context));
        expect(text).toMatch(/^\S.*[.…!)\]]$|^The .*: \S.*$/);
        expect(text).not.toMatch(/undefined|\{|\}|\*|NaN|null/);
      }
    });
  }

  it('tells the story of a port forward', () => {
    const nat = event({ type: 'nat', manip: 'dst', before, after, by: 'rule', hook: 'PREROUTING', undo: false });
    const said = explain(nat, { ...context, lastRule: event(rule) as EventOf<'rule'> });
    expect(sentenceText(said)).toBe(
      'Rule 2 matches, so the destination changes from 203.0.113.1:80 to 10.0.0.5:8080 before router decides where to send it.',
    );
    expect(renderSentence(said).filter((part) => part.role === 'changed')).toEqual([
      { text: '10.0.0.5:8080', role: 'changed' },
    ]);
    expect(said.link).toEqual({ host: 'router', member: 'iptables', line: 7 });
  });

  it('links a rule to its line', () => {
    expect(explain(event(rule), context).link).toEqual({ host: 'router', member: 'iptables', line: 7 });
    expect(explain(event({ ...rule, rule: 'policy' }), { ...context, lineOf: () => 0 }).link).toBeNull();
  });

  it('says in words that flags do not fit the state of a flow', () => {
    const said = explain(event({ type: 'conntrack', what: 'invalid', reason: 'tcp-ack-in-SYN_SENT' }), context);
    expect(said.key).toBe('conntrack.invalid.tcp-state');
    expect(sentenceText(said)).not.toContain('tcp-');
  });

  it('names a packet', () => {
    const udp = makeUdp({ src: '10.0.0.2', dst: '10.0.0.1', sport: 1, dport: 53 });
    const said = explain(event({ type: 'born', how: 'reply', parent: null, cause: '1' }), { ...context, packet: udp });
    expect(sentenceText(said)).toBe('router answers with UDP 10.0.0.2:1 → 10.0.0.1:53.');
  });
});

describe('the catalogue', () => {
  it('ends its sentences, and marks nothing by halves', () => {
    for (const [key, text] of Object.entries(sentences)) {
      expect(text, key).toMatch(/[.]$|\{text\}$|\{packet\}\.$/);
      expect(text.replaceAll(/\{\w+(\|\w+)?\}|\*[^*]+\*/g, ''), key).not.toMatch(/[{}*|]/);
    }
  });

  it.each([
    ['note', /note: '([a-z0-9-]+)'/g, 'note'],
    ['conntrack reason', /(?:invalid\(|reason: |outside\('invalid', |return (?='tcp-))'([a-z0-9-]+)'/g, 'conntrack'],
    ['function that drops without a reason', /'NOT_SPECIFIED', '(\w+)'/g, 'drop.in'],
  ])('has a sentence of its own for each %s in the sources', (_, pattern, prefix) => {
    const found = new Set<string>();
    for (const room of ['conntrack', 'nat', 'xtables', 'host', 'bridge']) {
      const folder = new URL(`../${room}/`, import.meta.url);
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
        if (prefix === 'conntrack' && room !== 'conntrack') continue;
        for (const m of readFileSync(new URL(file, folder), 'utf8').matchAll(pattern)) found.add(m[1]!);
      }
    }
    expect(found.size).toBeGreaterThan(0);
    const keys = Object.keys(sentences).filter((key) => key.startsWith(`${prefix}.`));
    expect([...found].filter((word) => !keys.some((key) => key.endsWith(`.${word}`)))).toEqual([]);
  });
});
