import type { Random } from './random';
import { makeRule, ports } from './rules';
import type { DraftPacket, DraftStep, Party, Topology } from './topology';

/** Half-plausible conversations: most packets belong to one, some are odd. */
export function makeSteps(r: Random, t: Topology, echoing: ReadonlySet<string>): DraftStep[] {
  const steps: DraftStep[] = [];
  const sent: DraftPacket[] = [];
  const put = (from: Party, packet: DraftPacket) => {
    steps.push(from.emit(packet));
    sent.push(packet);
  };
  const conversations = 1 + r.int(3);
  for (let i = 0; i < conversations; i++) converse(r, t, echoing, put);
  if (sent.length > 0 && r.chance(30)) put(r.pick(t.parties), errorAbout(r, t, r.pick(sent)));
  if (r.chance(25)) steps.splice(r.int(steps.length + 1), 0, command(r, t));
  if (r.chance(15) && sent.length > 0) {
    // Something again, now that a rule may have changed or an entry be there.
    const again = r.pick(steps.filter((step) => 'send' in step || 'receive' in step));
    steps.push(again);
  }
  // Three seconds are far enough from every timer: what is before and after takes well under one.
  if (r.chance(6)) steps.splice(1 + r.int(steps.length), 0, { wait: { seconds: 3 } });
  return steps.slice(0, 12);
}

type Put = (from: Party, packet: DraftPacket) => void;

function converse(r: Random, t: Topology, echoing: ReadonlySet<string>, put: Put): void {
  const from = r.pick(t.parties);
  const others = t.parties.filter((party) => party.address !== from.address);
  const other = others.length > 0 ? r.pick(others) : from;
  const dst = r.weighted<string>([
    [5, other.address],
    [4, r.pick(t.own)],
    [1, r.pick(t.odd)],
  ]);
  // An answer may be meant for the address that the sender was translated to.
  const backTo = r.weighted<string>([
    [3, from.address],
    [2, r.pick(t.own)],
  ]);
  const sport = r.pick([4000, 4001, 5000]);
  const dport = r.pick(ports);
  const ip = extras(r, t);
  switch (
    r.weighted([
      [4, 'udp'],
      [4, 'tcp'],
      [3, 'ping'],
      [1, 'pieces'],
    ] as const)
  ) {
    case 'udp':
      put(from, { src: from.address, dst, ...ip, udp: { sport, dport, ...payload(r) } });
      if (r.chance(55)) put(other, { src: dst, dst: backTo, udp: { sport: dport, dport: sport, ...payload(r) } });
      if (r.chance(35)) put(from, { src: from.address, dst, udp: { sport, dport, ...payload(r) } });
      return;
    case 'tcp':
      talkTcp(r, put, { from, other, dst, backTo, sport, dport, ip, listens: echoing.has(`tcp ${dport}`) });
      return;
    case 'ping': {
      const kind = t.six ? 'icmpv6' : 'icmp';
      const [request, reply] = t.six ? [128, 129] : [8, 0];
      const id = 1 + r.int(3);
      put(from, { src: from.address, dst, ...ip, [kind]: { type: request, code: 0, id, seq: 1, ...payload(r) } });
      if (r.chance(45)) put(other, { src: dst, dst: backTo, [kind]: { type: reply, code: 0, id, seq: 1 } });
      if (r.chance(30)) put(from, { src: from.address, dst, [kind]: { type: request, code: 0, id, seq: 2 } });
      return;
    }
    case 'pieces': {
      const whole = { src: from.address, dst, id: 7, udp: { sport, dport, payload: { repeat: 'f', count: 56 } } };
      const pieces = [
        { ...whole, fragment: { offset: 0, length: 24 } },
        { ...whole, fragment: { offset: 24, length: 24 } },
        { ...whole, fragment: { offset: 48 } },
      ];
      const order = r.pick([
        [0, 1, 2],
        [2, 1, 0],
        [0, 2],
        [1, 0, 2],
      ]);
      for (const index of order) put(from, pieces[index] as DraftPacket);
      return;
    }
  }
}

interface Talk {
  readonly from: Party;
  readonly other: Party;
  readonly dst: string;
  readonly backTo: string;
  readonly sport: number;
  readonly dport: number;
  readonly ip: object;
  /** A listener's own stack answers: odd segments to it would ask for all of TCP. */
  readonly listens: boolean;
}

function talkTcp(r: Random, put: Put, { from, other, dst, backTo, sport, dport, ip, listens }: Talk): void {
  const there = (flags: string, more: object = {}) =>
    put(from, { src: from.address, dst, ...ip, tcp: { sport, dport, flags, ...more } });
  const back = (flags: string, more: object = {}) =>
    put(other, { src: dst, dst: backTo, tcp: { sport: dport, dport: sport, flags, ...more } });
  const mss = r.chance(60) ? { mss: r.pick([1460, 1400, 536]) } : {};
  if (listens) {
    there('S', mss);
    const rest = r.pick([[], ['A'], ['A', 'PA'], ['A', 'PA', 'FA'], ['A', 'FA', 'A'], ['R']]);
    for (const flags of rest) there(flags, flags === 'PA' ? { payload: 'data' } : {});
    return;
  }
  if (r.chance(25)) {
    there(r.pick(['A', 'PA', 'SA', 'FA', 'R', 'RA', '', 'FPU', 'SR']));
    if (r.chance(50)) back(r.pick(['A', 'R', 'RA', 'SA', 'S']));
    return;
  }
  there('S', mss);
  if (r.chance(20)) return;
  if (r.chance(20)) {
    back('RA');
    return;
  }
  back('SA', { seq: 5000, ...mss });
  there(r.chance(85) ? 'A' : r.pick(['R', 'FA', 'S']));
  const more = r.int(4);
  for (let i = 0; i < more; i++) {
    const flags = r.weighted([[5, 'PA'] as const, [3, 'A'], [3, 'FA'], [1, 'R'], [1, 'S']]);
    (r.chance(50) ? there : back)(flags, flags === 'PA' ? { payload: 'data' } : {});
  }
}

function extras(r: Random, t: Topology): object {
  const out: Record<string, unknown> = {};
  if (r.chance(12)) out.ttl = r.pick([1, 2, 3, 128, 255]);
  if (r.chance(12)) out.tos = r.pick([16, 8, 184]);
  if (!t.six && r.chance(10)) out.df = false;
  if (r.chance(3)) out.badChecksum = true;
  return out;
}

function payload(r: Random): object {
  return r.weighted([
    [5, {}] as const,
    [4, { payload: 'hello' }],
    [1, { payload: { repeat: 'x', count: r.pick([100, 600, 1350, 1472 - 28]) } }],
  ]);
}

function errorAbout(r: Random, t: Topology, about: DraftPacket): DraftPacket {
  const { fragment: _f, badChecksum: _b, ...inner } = about;
  const quoted = shortened({ ...inner, ttl: 60 }) as DraftPacket;
  const dst = r.chance(70) ? about.src : r.pick(t.own);
  const src = r.pick(t.parties).address;
  if (t.six) {
    const [type, code] = r.pick([[1, 4] as const, [1, 0], [3, 0]]);
    return { src, dst, icmpv6: { type, code, inner: quoted } };
  }
  const [type, code] = r.pick([[3, 1] as const, [3, 3], [11, 0], [3, 4]]);
  return { src, dst, icmp: { type, code, ...(code === 4 ? { mtu: 1400 } : {}), inner: quoted } };
}

/** An error has to fit on the wire with what it quotes. */
export function shortened(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('count' in value) return { ...value, count: Math.min(Number(value.count), 400) };
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shortened(member)]));
}

function command(r: Random, t: Topology): DraftStep {
  const iptables = t.six ? 'ip6tables' : 'iptables';
  const chain = r.pick(['INPUT', 'FORWARD', 'OUTPUT']);
  const rule = makeRule(r, t, 'filter', chain, chain, []).slice(`-A ${chain}`.length);
  return {
    run: {
      host: t.subject,
      command: r.pick([
        `${iptables} -A ${chain}${rule}`,
        `${iptables} -I ${chain} 1${rule}`,
        `${iptables} -F ${chain}`,
        `${iptables} -D ${chain} 1`,
        `${iptables} -P ${chain} DROP`,
        `${iptables} -Z`,
        `${iptables} -t nat -F`,
        'conntrack -F >/dev/null 2>&1',
        'conntrack -D -p udp >/dev/null 2>&1',
        t.six ? 'sysctl -qw net.ipv6.conf.all.forwarding=0' : 'sysctl -qw net.ipv4.ip_forward=0',
        t.six ? 'ip -6 route add blackhole 2001:db8:1::/48' : 'ip route add blackhole 198.51.100.0/24',
      ]),
    },
  };
}
