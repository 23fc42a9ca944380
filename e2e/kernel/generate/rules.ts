import type { Random } from './random';
import { rareMatch, rareTarget } from './rare';
import { makeTable, pickTables } from './tables';
import type { Topology } from './topology';

/** Rulesets with plausible chains, jumps, criteria and targets, as iptables-save prints them. */

export const ports = [53, 80, 4000, 4001, 5000] as const;
const masks = ['', '', '/0xff', '/0x1'] as const;

export function makeRuleset(r: Random, t: Topology): string {
  return pickTables(r, { raw: 30, mangle: 50, nat: 55, filter: 90, security: 8 })
    .map((table) =>
      makeTable(r, table, {
        drop: table === 'filter' ? 15 : table === 'security' ? 5 : 2,
        below: 4,
        rule: (chain, hook, callable) => makeRule(r, t, table, chain, hook, callable),
      }),
    )
    .join('');
}

/** `chain` is where the rule stands, `hook` the built-in chain that it is reached from. */
export function makeRule(
  r: Random,
  t: Topology,
  table: string,
  chain: string,
  hook: string,
  callable: readonly string[],
): string {
  const protocol = r.weighted([
    [35, ''],
    [25, 'udp'],
    [25, 'tcp'],
    [15, t.six ? 'ipv6-icmp' : 'icmp'],
  ] as const);
  const target = makeTarget(r, t, table, hook, protocol, callable);
  const needed = target.protocol ?? protocol;
  const parts = [`-A ${chain}`, ...places(r, t, hook)];
  if (needed !== '') parts.push(`${needed === protocol ? maybeNot(r, target.protocol === undefined) : ''}-p ${needed}`);
  const negated = parts[parts.length - 1]?.startsWith('! -p') ?? false;
  if (needed !== '' && !negated) parts.push(...portMatches(r, needed));
  if (r.chance(35)) parts.push(r.pick(matches)(r, t, hook, negated ? '' : needed));
  if (t.wide && r.chance(40)) parts.push(rareMatch(r, t, table, hook));
  if (r.chance(6)) parts.push('-m comment --comment "a note"');
  parts.push(target.text);
  return parts.filter((part) => part !== '').join(' ');
}

export const maybeNot = (r: Random, allowed = true) => (allowed && r.chance(12) ? '! ' : '');

function addressOf(r: Random, t: Topology): string {
  const host = t.six ? 128 : 32;
  const one = r.pick([...t.parties.map((p) => p.address), ...t.own, ...(r.chance(20) ? t.odd : [])]);
  if (r.chance(70)) return `${one}/${host}`;
  const net = t.six ? `${one.slice(0, one.indexOf('::'))}::/64` : `${one.split('.').slice(0, 3).join('.')}.0/24`;
  return one.startsWith('::') ? `${one}/128` : net;
}

function places(r: Random, t: Topology, hook: string): string[] {
  const out: string[] = [];
  const names = Object.keys(t.hosts[t.subject]?.interfaces ?? {});
  const name = () => r.pick([...names, 'lo', 'eth+']);
  if (r.chance(25)) out.push(`${maybeNot(r)}-s ${addressOf(r, t)}`);
  if (r.chance(25)) out.push(`${maybeNot(r)}-d ${addressOf(r, t)}`);
  if (!['OUTPUT', 'POSTROUTING'].includes(hook) && r.chance(20)) out.push(`${maybeNot(r)}-i ${name()}`);
  if (!['INPUT', 'PREROUTING'].includes(hook) && r.chance(20)) out.push(`${maybeNot(r)}-o ${name()}`);
  return out;
}

function portMatches(r: Random, protocol: string): string[] {
  if (protocol === 'icmp' && r.chance(50)) return [`-m icmp ${maybeNot(r)}--icmp-type ${r.pick([8, 0, 3, '3/3', 11])}`];
  if (protocol === 'ipv6-icmp' && r.chance(50))
    return [`-m icmp6 ${maybeNot(r)}--icmpv6-type ${r.pick([128, 129, 1, '1/4', 3])}`];
  if (protocol !== 'udp' && protocol !== 'tcp') return [];
  const range = () => r.pick([...ports.map(String), '1024:65535', '50:90', ':1023']);
  const out: string[] = [];
  if (r.chance(45)) {
    const sides = r.pick([['--dport'], ['--dport'], ['--sport'], ['--sport', '--dport']]);
    out.push(`-m ${protocol} ${sides.map((side) => `${maybeNot(r)}${side} ${range()}`).join(' ')}`);
  }
  if (protocol === 'tcp' && r.chance(20)) {
    const flags = r.pick(['FIN,SYN,RST,ACK SYN', 'SYN,RST SYN', 'ACK ACK', 'FIN,SYN,RST,PSH,ACK,URG NONE', 'RST RST']);
    out.push(`-m tcp ${maybeNot(r)}--tcp-flags ${flags}`);
  }
  if (r.chance(10))
    out.push(
      `-m multiport ${maybeNot(r)}--${r.pick(['dports', 'sports', 'ports'])} ${r.pick(['53,80', '4000:4010', '22,80,443'])}`,
    );
  return out;
}

type Match = (r: Random, t: Topology, hook: string, protocol: string) => string;
const states = ['NEW', 'ESTABLISHED', 'RELATED,ESTABLISHED', 'INVALID', 'UNTRACKED', 'RELATED', 'DNAT', 'SNAT'];
const matches: readonly Match[] = [
  (r) => `-m conntrack ${maybeNot(r)}--ctstate ${r.pick(states)}`,
  (r) => `-m conntrack ${maybeNot(r)}--ctstate ${r.pick(states)}`,
  (r) => `-m state ${maybeNot(r)}--state ${r.pick(['NEW', 'RELATED,ESTABLISHED', 'INVALID'])}`,
  (r) => `-m conntrack ${maybeNot(r)}--ctstatus ${r.pick(['SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'NONE', 'EXPECTED'])}`,
  (r) => `-m conntrack --ctdir ${r.pick(['ORIGINAL', 'REPLY'])}`,
  (r, t) => `-m conntrack ${maybeNot(r)}--ctorigdst ${addressOf(r, t)}`,
  (r) => `-m mark ${maybeNot(r)}--mark 0x${r.pick(['0', '1', '2', '10'])}${r.pick(masks)}`,
  (r) => `-m connmark ${maybeNot(r)}--mark 0x${r.pick(['0', '1', '2'])}${r.pick(masks)}`,
  (r) => `-m addrtype ${maybeNot(r)}--dst-type ${r.pick(['LOCAL', 'UNICAST', 'MULTICAST'])}`,
  (r) => `-m addrtype ${maybeNot(r)}--src-type ${r.pick(['LOCAL', 'UNICAST'])}`,
  (r, t) =>
    t.six
      ? `-m iprange ${maybeNot(r)}--src-range fd00::2-fd00::3`
      : `-m iprange ${maybeNot(r)}--${r.pick(['src', 'dst'])}-range 10.0.0.2-10.0.0.3`,
  (r) => `-m limit --limit ${r.pick(['1', '5'])}/hour --limit-burst ${1 + r.int(4)}`,
  (r) => {
    const every = 2 + r.int(2);
    return `-m statistic --mode nth ${maybeNot(r)}--every ${every} --packet ${r.int(every)}`;
  },
  (r) => `-m length ${maybeNot(r)}--length ${r.pick(['28', '0:60', '29:1000', '40:40'])}`,
  (r, t) =>
    t.six
      ? `-m hl ${r.pick(['--hl-eq 64', '--hl-lt 64', '--hl-gt 63'])}`
      : `-m ttl ${r.pick(['--ttl-eq 64', '--ttl-lt 64', '--ttl-gt 63', '! --ttl-eq 63'])}`,
  (r) => `-m tos ${maybeNot(r)}--tos ${r.pick(['0x10/0xff', '0x00/0xff', '0x10/0x3f'])}`,
  (r) => `-m dscp ${maybeNot(r)}--dscp ${r.pick(['0x00', '0x04', '0x2e'])}`,
];

export interface Target {
  readonly text: string;
  /** If it is only for one. */
  readonly protocol?: string;
}
const to = (text: string): Target => ({ text });

function makeTarget(
  r: Random,
  t: Topology,
  table: string,
  hook: string,
  protocol: string,
  callable: readonly string[],
): Target {
  if (callable.length > 0 && r.chance(60)) return to(`${r.chance(75) ? '-j' : '-g'} ${r.pick(callable)}`);
  if (r.chance(10)) return to('');
  if (r.chance(12)) return to('-j RETURN');
  if (r.chance(5)) return to('-j LOG --log-prefix "seen "');
  if (t.wide && r.chance(30)) {
    const rare = rareTarget(r, t, table, hook);
    if (rare !== null) return rare;
  }
  switch (table) {
    case 'filter':
    case 'security':
      if (table === 'filter' && r.chance(15)) return reject(r, t, protocol);
      return to(r.chance(55) ? '-j ACCEPT' : '-j DROP');
    case 'nat':
      return natTarget(r, t, hook, protocol);
    case 'raw':
      return to(r.weighted([[4, '-j NOTRACK'] as const, [2, '-j CT --notrack'], [3, '-j ACCEPT'], [1, '-j DROP']]));
    default:
      return mangleTarget(r, t, hook);
  }
}

function reject(r: Random, t: Topology, protocol: string): Target {
  if (protocol === 'tcp' && r.chance(50)) return { text: '-j REJECT --reject-with tcp-reset', protocol: 'tcp' };
  const kinds = t.six
    ? ['icmp6-port-unreachable', 'icmp6-adm-prohibited', 'icmp6-no-route']
    : ['icmp-port-unreachable', 'icmp-host-prohibited', 'icmp-admin-prohibited', 'icmp-net-unreachable'];
  return to(`-j REJECT --reject-with ${r.pick(kinds)}`);
}

function natTarget(r: Random, t: Topology, hook: string, protocol: string): Target {
  if (r.chance(12)) return to('-j ACCEPT');
  const someone = r.pick([...t.parties.map((p) => p.address), ...t.own]);
  const port = protocol === 'udp' || protocol === 'tcp' ? r.pick([null, null, ...ports]) : null;
  const withPort = port === null ? someone : t.six ? `[${someone}]:${port}` : `${someone}:${port}`;
  const fixed = port === null ? {} : { protocol };
  if (hook === 'PREROUTING' || hook === 'OUTPUT') {
    if (r.chance(25)) return { text: `-j REDIRECT${port === null ? '' : ` --to-ports ${port}`}`, ...fixed };
    return { text: `-j DNAT --to-destination ${withPort}`, ...fixed };
  }
  if (hook === 'POSTROUTING' && r.chance(55))
    return { text: `-j MASQUERADE${port === null ? '' : ` --to-ports ${port}`}`, ...fixed };
  return { text: `-j SNAT --to-source ${withPort}`, ...fixed };
}

function mangleTarget(r: Random, t: Topology, hook: string): Target {
  const kinds: (() => Target)[] = [
    () => to(`-j MARK --set-xmark 0x${r.pick(['1', '2', '10'])}/0x${r.pick(['ffffffff', 'f', 'ff'])}`),
    () => to(`-j MARK --set-xmark 0x${r.pick(['1', '2'])}/0xffffffff`),
    () => to(`-j CONNMARK --set-xmark 0x${r.pick(['1', '2'])}/0xffffffff`),
    () => to('-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff'),
    () => to('-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff'),
    () => to(`-j ${t.six ? 'HL --hl' : 'TTL --ttl'}-${r.pick(['set 5', 'dec 1', 'inc 1', 'set 64'])}`),
    () => to(`-j DSCP --set-dscp 0x${r.pick(['04', '2e', '00'])}`),
    () => to(`-j TOS --set-tos ${r.pick(['0x10/0xff', '0x08/0x0f', '0x00/0xff'])}`),
    () => to('-j ACCEPT'),
    () => to('-j DROP'),
  ];
  if (['FORWARD', 'OUTPUT', 'POSTROUTING'].includes(hook)) {
    const how = r.chance(50) ? '--clamp-mss-to-pmtu' : '--set-mss 1200';
    if (r.chance(8)) return { text: `-m tcp --tcp-flags SYN,RST SYN -j TCPMSS ${how}`, protocol: 'tcp' };
  }
  return r.pick(kinds)();
}
