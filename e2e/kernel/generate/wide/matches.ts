import type { Random } from '../random';
import { everyAddress, not, type Wide } from './context';
import { sides } from './sets';

/** Where a rule stands, and what it may ask. */
export interface Place {
  readonly r: Random;
  readonly w: Wide;
  readonly family: 4 | 6;
  readonly table: string;
  /** The built-in chain that it is reached from. */
  readonly hook: string;
  /** '' if any. */
  readonly protocol: string;
  readonly names: { next: number };
}

const port = (r: Random) =>
  r.pick(['53', '80', '4000', '4001', '5000', '1024:65535', '50:90', ':1023', '4000:', '21', '0:0', 'domain', 'http']);
const addr = ({ r, w, family }: Place) => r.pick([...everyAddress(w, family), ...(r.chance(20) ? w.odd[family] : [])]);
const net = (p: Place) => {
  const one = addr(p);
  const length =
    p.family === 4
      ? p.r.pick(['', '', '/24', '/16', '/28', '/0', '/31', '/255.255.0.0'])
      : p.r.pick(['', '', '/64', '/48', '/127', '/0', '/16']);
  return `${one}${length}`;
};
const dev = ({ r, w }: Place) =>
  r.pick([...Object.keys(w.hosts[w.subject]?.interfaces ?? {}), 'lo', 'eth+', 'p+', 'none9']);
const arriving = (p: Place) => ['PREROUTING', 'INPUT', 'FORWARD'].includes(p.hook);
const leaving = (p: Place) => ['OUTPUT', 'FORWARD', 'POSTROUTING'].includes(p.hook);
const value = (r: Random) => r.pick(['0x0', '0x1', '0x2', '0x3', '0x10', '0xff', '7']);
const masked = (r: Random) => `${value(r)}${r.pick(['', '', '/0xff', '/0x1', '/0xfffffffe', '/0x0'])}`;

/** Of its protocol alone. */
export function protocolMatch(p: Place): string {
  const { r } = p;
  switch (p.protocol) {
    case 'tcp':
      return r.pick([
        () => `-m tcp ${not(r)}--dport ${port(r)}`,
        () => `-m tcp ${not(r)}--sport ${port(r)}`,
        () => `-m tcp ${not(r)}--dport ${port(r)} ${not(r)}--sport ${port(r)}`,
        () =>
          `-m tcp ${not(r)}--tcp-flags ${r.pick(['FIN,SYN,RST,ACK SYN', 'SYN,RST SYN', 'ACK ACK', 'ALL NONE', 'RST RST', 'ALL FIN,PSH,URG', 'SYN,FIN SYN,FIN'])}`,
        () => `-m tcp ${not(r)}--syn`,
        () => `-m tcp ${not(r)}--tcp-option ${r.pick([2, 3, 4, 8, 1, 254])}`,
        () => `-m tcpmss ${not(r)}--mss ${r.pick(['1460', '536:1400', '0:65535', '1000'])}`,
        ...(p.family === 4
          ? [() => `-m ecn ${not(r)}--ecn-tcp-${r.pick(['cwr', 'ece'])}`]
          : [() => `-m ecn ${not(r)}--ecn-tcp-${r.pick(['cwr', 'ece'])}`]),
      ])();
    case 'udp':
      return r.pick([
        () => `-m udp ${not(r)}--dport ${port(r)}`,
        () => `-m udp ${not(r)}--sport ${port(r)}`,
        () => `-m udp ${not(r)}--sport ${port(r)} ${not(r)}--dport ${port(r)}`,
      ])();
    case 'icmp':
      return `-m icmp ${not(r)}--icmp-type ${r.pick(['8', '0', '3', '3/3', '11', 'echo-request', 'any', 'host-unreachable', 'fragmentation-needed', 'ttl-exceeded', '13', '255/0', '8/1', 'parameter-problem'])}`;
    case 'ipv6-icmp':
      return `-m icmp6 ${not(r)}--icmpv6-type ${r.pick(['128', '129', '1', '1/4', '3', 'echo-request', 'packet-too-big', 'no-route', 'time-exceeded', '2/0', '4/1', 'bad-header'])}`;
    case '108':
      return `-m ipcomp ${not(r)}--ipcompspi ${r.pick(['2', '0:100', '3'])}`;
    case '135':
      return p.family === 6 ? `-m mh ${not(r)}--mh-type ${r.pick(['1', '0:4', 'bu', '5:6'])}` : '';
    case 'sctp':
      return r.pick([
        () => `-m sctp ${not(r)}--dport ${r.pick(['80', '4000:5000'])}`,
        () => `-m sctp ${not(r)}--sport ${r.pick(['80', '4000'])}`,
        () =>
          `-m sctp ${not(r)}--chunk-types ${r.pick(['any', 'all', 'only'])} ${r.pick(['INIT', 'DATA', 'INIT,DATA', 'DATA:B', 'DATA:Be', 'ABORT:T', 'INIT_ACK', 'COOKIE_ECHO,DATA', 'SACK', 'HEARTBEAT', 'ASCONF', 'ALL', 'NONE'])}`,
      ])();
    case 'dccp':
      return r.pick([
        () => `-m dccp ${not(r)}--dport ${r.pick(['80', '4000:5000'])}`,
        () => `-m dccp ${not(r)}--dccp-types ${r.pick(['REQUEST', 'RESPONSE,DATA', 'INVALID', 'RESET,SYNC', 'CLOSE'])}`,
        () => `-m dccp ${not(r)}--dccp-option ${r.pick([1, 2, 32])}`,
      ])();
    case 'esp':
      return `-m esp ${not(r)}--espspi ${r.pick(['1', '0:100', '256'])}`;
    case 'ah':
      return p.family === 4
        ? `-m ah ${not(r)}--ahspi ${r.pick(['1', '0:100', '256'])}`
        : `-m ah ${not(r)}--ahspi ${r.pick(['1', '0:100', '256'])}${r.pick(['', ' --ahres', ' --ahlen 16'])}`;
    default:
      return '';
  }
}

const ctStates = [
  'NEW',
  'ESTABLISHED',
  'RELATED',
  'INVALID',
  'UNTRACKED',
  'SNAT',
  'DNAT',
  'RELATED,ESTABLISHED',
  'NEW,RELATED',
  'INVALID,NEW',
  'NEW,DNAT',
];

type Maker = (p: Place) => string;
const common: readonly Maker[] = [
  ({ r }) => `-m conntrack ${not(r)}--ctstate ${r.pick(ctStates)}`,
  ({ r }) => `-m conntrack ${not(r)}--ctstate ${r.pick(ctStates)}`,
  ({ r }) => `-m state ${not(r)}--state ${r.pick(['NEW', 'RELATED,ESTABLISHED', 'INVALID', 'UNTRACKED'])}`,
  ({ r }) =>
    `-m conntrack ${not(r)}--ctstatus ${r.pick(['SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'NONE', 'EXPECTED', 'ASSURED,SEEN_REPLY'])}`,
  ({ r }) => `-m conntrack --ctdir ${r.pick(['ORIGINAL', 'REPLY'])}`,
  (p) => `-m conntrack ${not(p.r)}--ct${p.r.pick(['origsrc', 'origdst', 'replsrc', 'repldst'])} ${net(p)}`,
  ({ r }) =>
    `-m conntrack ${not(r)}--ct${r.pick(['origsrc', 'origdst', 'replsrc', 'repldst'])}port ${r.pick(['53', '80', '4000:5000', '0'])}`,
  ({ r }) => `-m conntrack ${not(r)}--ctproto ${r.pick(['tcp', 'udp', '1', '58', '132', '47', '255'])}`,
  ({ r }) => `-m conntrack ${not(r)}--ctexpire ${r.pick(['0', '1:1000', '100:4000000', '0:4294967295'])}`,
  ({ r }) => `-m conntrack ${not(r)}--ctstate NEW --ctdir ORIGINAL --ctproto ${r.pick(['tcp', 'udp'])}`,
  ({ r }) =>
    `-m connbytes ${not(r)}--connbytes ${r.pick(['1:2', '0:100', '60', ':5', '2:'].filter((v) => !v.startsWith(':')))} --connbytes-dir ${r.pick(['original', 'reply', 'both'])} --connbytes-mode ${r.pick(['packets', 'bytes', 'avgpkt'])}`,
  ({ r, family }) =>
    `-m connlimit --connlimit-${r.pick(['above', 'upto'])} ${r.int(3)} --connlimit-mask ${family === 4 ? r.pick([32, 24, 0]) : r.pick([128, 64, 0])} --connlimit-${r.pick(['saddr', 'daddr'])}`,
  ({ r }) => `-m connlabel ${not(r)}--label ${r.pick([0, 1, 127])}${r.chance(40) ? ' --set' : ''}`,
  ({ r }) => `-m connmark ${not(r)}--mark ${masked(r)}`,
  ({ r }) => `-m mark ${not(r)}--mark ${masked(r)}`,
  ({ r }) => `-m helper ${not(r)}--helper ${r.pick(['ftp', 'tftp', '""'])}`,
  (p) => {
    const types = p.r.pick(
      p.family === 4
        ? [
            'LOCAL',
            'UNICAST',
            'BROADCAST',
            'MULTICAST',
            'ANYCAST',
            'BLACKHOLE',
            'UNREACHABLE',
            'PROHIBIT',
            'THROW',
            'NAT',
            'UNSPEC',
            'LOCAL,BROADCAST',
          ]
        : ['LOCAL', 'UNICAST', 'MULTICAST', 'ANYCAST', 'UNREACHABLE', 'UNSPEC', 'LOCAL,MULTICAST'],
    );
    const limit = p.r.chance(25)
      ? arriving(p) && p.hook !== 'FORWARD'
        ? ' --limit-iface-in'
        : p.hook === 'OUTPUT' || p.hook === 'POSTROUTING'
          ? ' --limit-iface-out'
          : p.hook === 'FORWARD'
            ? p.r.pick([' --limit-iface-in', ' --limit-iface-out'])
            : ''
      : '';
    return `-m addrtype ${not(p.r)}--${p.r.pick(['src', 'dst'])}-type ${types}${limit}`;
  },
  (p) =>
    p.family === 4
      ? `-m iprange ${not(p.r)}--${p.r.pick(['src', 'dst'])}-range ${p.r.pick(['10.0.0.2-10.0.0.3', '10.0.0.0-10.0.0.255', '0.0.0.0-127.255.255.255', '198.51.100.1'])}`
      : `-m iprange ${not(p.r)}--${p.r.pick(['src', 'dst'])}-range ${p.r.pick(['fd00::2-fd00::3', '::-ffff::', '2001:db8:1::1'])}`,
  ({ r }) =>
    `-m limit --limit ${r.pick(['1/hour', '3/hour', '1/min', '12/day', '4/min'])} --limit-burst ${1 + r.int(4)}`,
  ({ r }) => {
    const every = 1 + r.int(3);
    return `-m statistic --mode nth ${not(r)}--every ${every} --packet ${r.int(every)}`;
  },
  ({ r }) => `-m length ${not(r)}--length ${r.pick(['28', '0:60', '29:1000', '40:40', '1000:', '48'])}`,
  ({ r, family }) =>
    family === 6
      ? `-m hl ${r.pick(['--hl-eq 64', '! --hl-eq 64', '--hl-lt 64', '--hl-gt 63'])}`
      : `-m ttl ${r.pick(['--ttl-eq 64', '--ttl-lt 64', '--ttl-gt 63', '! --ttl-eq 63'])}`,
  ({ r }) =>
    `-m tos ${not(r)}--tos ${r.pick(['0x10/0xff', '0x00/0xff', '0x10/0x3f', 'Minimize-Delay', '0x08', '0xb8/0xfc'])}`,
  ({ r }) =>
    `-m dscp ${not(r)}--dscp${r.pick([' 0x00', ' 0x04', ' 0x2e', '-class EF', '-class BE', '-class CS1', '-class AF11'])}`,
  ({ r }) => `-m ecn ${not(r)}--ecn-ip-ect ${r.int(4)}`,
  ({ r }) => `-m pkttype ${not(r)}--pkt-type ${r.pick(['unicast', 'broadcast', 'multicast', 'host'])}`,
  ({ r, family }) =>
    `-m recent --set --name ${family}R${r.int(2)} --${r.pick(['rsource', 'rdest'])}${family === 4 ? r.pick(['', ' --mask 255.255.255.0']) : ''}`,
  ({ r, family }) =>
    `-m recent ${not(r)}--${r.pick(['rcheck', 'update', 'remove'])} --name ${family}R${r.int(2)} --${r.pick(['rsource', 'rdest'])}`,
  ({ r, family }) =>
    `-m recent ${not(r)}--${r.pick(['rcheck', 'update'])} ${r.pick(['--seconds 600', '--seconds 2', '--seconds 2 --reap', '--hitcount 2', '--hitcount 2 --seconds 600', '--seconds 600 --reap', '--rttl'])} --name ${family}R${r.int(2)} --rsource`,
  ({ r, family, names }) => {
    const mode = r.pick([
      '',
      'srcip',
      'dstip',
      'srcip,dstip',
      'srcip,dstport',
      'srcport',
      'srcip,srcport,dstip,dstport',
    ]);
    const mask =
      mode.includes('srcip') && r.chance(40)
        ? ` --hashlimit-srcmask ${family === 4 ? r.pick([24, 0, 31]) : r.pick([64, 0, 127])}`
        : '';
    const how = r.pick([
      `upto ${1 + r.int(3)}/hour --hashlimit-burst ${1 + r.int(3)}`,
      `above ${1 + r.int(3)}/hour --hashlimit-burst ${1 + r.int(3)}`,
      'upto 30/day --hashlimit-burst 1',
      'above 2/min --hashlimit-burst 2',
    ]);
    return `-m hashlimit --hashlimit-${how}${mode === '' ? '' : ` --hashlimit-mode ${mode}`}${mask}${r.chance(20) ? ' --hashlimit-htable-expire 1000000' : ''} --hashlimit-name h${family}${names.next++}`;
  },
  ({ r }) => `-m quota ${not(r)}--quota ${r.pick([0, 50, 100, 200, 2000])}`,
  ({ r }) =>
    `-m string ${not(r)}--${r.pick(['string "hello"', 'hex-string "|68656c6c|"', 'string "ell"', 'hex-string "h|65|l"'])} --algo ${r.pick(['bm', 'kmp'])}${r.pick(['', ' --from 28', ' --to 60', ' --from 20 --to 40', ' --from 40 --to 41'])}`,
  ({ r }) => `-m string --string "HELLO" --algo ${r.pick(['bm', 'kmp'])} --icase`,
  // Never of an IP id, nor of a flow label: what a stack takes for them is not known.
  ({ r, family }) =>
    `-m u32 ${not(r)}--u32 ${r.pick(['"0x6&0xff=0x6"', '"0&0xf0000000=0x40000000"', '"0>>22&0x3c@0>>16=80"', '"0>>22&0x3c@0&0xffff=53,80"', '"40>>16=0:5000"', `"${family === 6 ? 2 : 0}&0xffff=0:100 && 8=1:0xffffffff"`, '"100&1=0:1"', '"4&0x3fff=0"'])}`,
  ({ r, family }) =>
    `-m bpf --bytecode "${r.pick(['4,48 0 0 9,21 0 1 17,6 0 0 1,6 0 0 0', '1,6 0 0 0', `4,40 0 0 ${family === 6 ? 4 : 2},37 0 1 60,6 0 0 65535,6 0 0 0`, '3,128 0 0 0,20 0 0 40,22 0 0 0'])}"`,
  (p) =>
    `-m policy --dir ${p.hook === 'FORWARD' ? p.r.pick(['in', 'out']) : arriving(p) ? 'in' : 'out'} --pol ${p.r.pick(['none', 'ipsec'])}`,
  (p) => `-m devgroup ${not(p.r)}--${arriving(p) ? 'src' : 'dst'}-group ${p.r.pick(['0x0', '0x1', '0x0/0xf'])}`,
  ({ r }) =>
    `-m cluster --cluster-total-nodes ${2 + r.int(2)} ${not(r)}--cluster-local-node ${1 + r.int(2)} --cluster-hash-seed 0x${1 + r.int(9)}`,
  ({ r }) => `-m comment --comment ${r.pick(['"a note"', 'one', '"it\'s \\"x\\""'])}`,
  ({ r }) =>
    `-m multiport ${not(r)}--${r.pick(['dports', 'sports', 'ports'])} ${r.pick(['53,80', '4000:4010', '22,80,443', '0:65535', '53,4000:5000,80'])}`,
];
const only4: readonly Maker[] = [
  ({ r, hook }) => (hook === 'PREROUTING' ? '' : `-m realm ${not(r)}--realm ${r.pick(['0', '7', '0x7/0xf'])}`),
  ({ r }) => `${not(r)}-f`,
];
const only6: readonly Maker[] = [
  ({ r }) =>
    `-m frag ${r.pick(['--fragid 7', '--fragfirst', '--fraglast', '--fragmore', '--fragid 0:100 --fraglast', '--fragres'])}`,
  ({ r }) =>
    `-m ipv6header ${not(r)}--header ${r.pick(['hop', 'dst', 'route', 'frag', 'none', 'prot', 'hop,dst', 'esp'])}${r.chance(60) ? ' --soft' : ''}`,
  ({ r }) =>
    `-m dst ${r.pick(['--dst-len 8', '! --dst-len 8', '--dst-opts 1', '--dst-opts 1:2,0', '--dst-len 8 --dst-opts 5:2'])}`,
  ({ r }) =>
    `-m hbh ${r.pick(['--hbh-len 8', '! --hbh-len 8', '--hbh-opts 1', '--hbh-opts 5:2', '--hbh-opts 5:2,1:0'])}`,
  ({ r }) =>
    `-m srh ${not(r)}--srh-${r.pick(['next-hdr 17', 'hdr-len-eq 0', 'hdr-len-gt 0', 'segs-left-eq 0', 'segs-left-lt 2', 'last-entry-eq 0', 'last-entry-gt 3', 'tag 0', 'psid fd00::2', 'nsid fd00::2', 'lsid ::/0'])}`,
  ({ r }) =>
    `-m rt ${r.pick(['--rt-type 0', '! --rt-type 2', '--rt-segsleft 0', '--rt-segsleft 1:10', '--rt-len 24', '--rt-type 0 --rt-0-res', '--rt-type 4'])}`,
];

export function wideMatch(p: Place): string {
  const { r, w, family, hook, table } = p;
  const makers: Maker[] = [...common, ...(family === 4 ? only4 : only6)];
  const sets = w.sets[family];
  if (sets.length > 0) {
    const ask: Maker = () => {
      const { name, dims } = r.pick(sets);
      const more = r.chance(20)
        ? r.pick([
            ' ! --update-counters',
            ' --packets-gt 0',
            ' --bytes-lt 100',
            ' --return-nomatch',
            ' ! --update-subcounters',
            ' ! --packets-eq 0',
          ])
        : '';
      return `-m set ${not(r)}--match-set ${name} ${sides(r, dims)}${more}`;
    };
    makers.push(ask, ask, ask, ask, ask);
  }
  if (arriving(p)) {
    makers.push(
      () => `-m mac ${not(r)}--mac-source ${r.pick(['02:ff:ff:ff:ff:fe', '02:00:00:00:aa:03', '02:00:00:00:01:01'])}`,
    );
    makers.push(() => `-m physdev ${not(r)}--physdev-${r.pick(['in p1', 'in p+', 'is-in', 'is-bridged', 'is-out'])}`);
  }
  if (hook === 'FORWARD' || hook === 'POSTROUTING') {
    makers.push(() => `-m physdev ${not(r)}--physdev-${r.pick(['is-bridged', 'in p1', 'is-out', 'is-in'])}`);
    makers.push(() => `-m physdev ${not(r)}--physdev-is-bridged ${not(r)}--physdev-out p${1 + r.int(2)}`);
  }
  if (hook === 'OUTPUT' || hook === 'POSTROUTING') {
    makers.push(
      () =>
        `-m owner ${not(r)}--${r.pick(['uid-owner 0', 'uid-owner 1-1000', 'gid-owner 0', 'socket-exists', 'uid-owner root', 'uid-owner nobody'])}`,
    );
    makers.push(() => `-m cgroup ${not(r)}--cgroup ${r.pick([0, 1])}`);
  }
  if (hook === 'PREROUTING' && (table === 'raw' || table === 'mangle')) {
    const rp: Maker = () =>
      `-m rpfilter${r.pick(['', ' --loose', ' --invert', ' --validmark', ' --accept-local', ' --loose --invert', ' --validmark --accept-local --invert'])}`;
    makers.push(rp, rp, rp);
  }
  if (['PREROUTING', 'INPUT'].includes(hook))
    makers.push(() => `-m socket${r.pick(['', ' --nowildcard', ' --transparent', ' --restore-skmark'])}`);
  if (family === 6 && ['PREROUTING', 'INPUT', 'FORWARD'].includes(hook)) makers.push(() => '-m eui64');
  return r.pick(makers)(p);
}

export function places(p: Place): string[] {
  const { r } = p;
  const out: string[] = [];
  if (r.chance(22)) out.push(`${not(r)}-s ${net(p)}`);
  if (r.chance(22)) out.push(`${not(r)}-d ${net(p)}`);
  if (arriving(p) && r.chance(18)) out.push(`${not(r)}-i ${dev(p)}`);
  if (leaving(p) && r.chance(18)) out.push(`${not(r)}-o ${dev(p)}`);
  return out;
}
