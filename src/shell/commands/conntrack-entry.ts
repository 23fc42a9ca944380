import { SECOND, type SimTime } from '../../base';
import { ctSnapshot, type Expectation } from '../../conntrack';
import { type Conn, IPS, type Tuple } from '../../model';
import { type Addr, type Family, IPPROTO } from '../../wire';

export interface EntryForm {
  /** `-o extended`: the family first. */
  readonly extended: boolean;
  readonly id: boolean;
  readonly xml: boolean;
  /** `-o save`: the command that its words begin with. */
  readonly save: 'A' | 'D' | null;
  /** How many hold it, as the kernel tells: whoever looks one up does, too. */
  readonly use: 1 | 2;
  /** nf_conntrack_acct is on: packets and bytes are shown. */
  readonly accounting: boolean;
  readonly now: SimTime;
}

/** Protocols with a tracker of their own, as the kernel names them. Kernel: l4proto_name() */
export const TRACKERS: Readonly<Record<number, string>> = {
  [IPPROTO.tcp]: 'tcp',
  [IPPROTO.udp]: 'udp',
  [IPPROTO.udplite]: 'udplite',
  [IPPROTO.icmp]: 'icmp',
  [IPPROTO.icmpv6]: 'icmpv6',
  [IPPROTO.sctp]: 'sctp',
  [IPPROTO.gre]: 'gre',
};
/** The tool knows one that the kernel has no more. */
const NAMES: typeof TRACKERS = { ...TRACKERS, [IPPROTO.dccp]: 'dccp' };

/** One line of `conntrack -L`, with its line end. */
export function entryLine(conn: Conn, form: EntryForm): string {
  return form.save !== null
    ? saveLine(conn, form.save, form.now)
    : form.xml
      ? xmlLine(conn, form)
      : plainLine(conn, form);
}

/** libnetfilter_conntrack: __snprintf_conntrack_default() */
function plainLine(conn: Conn, form: EntryForm): string {
  const s = ctSnapshot(conn, form.now);
  const { protocol, family } = conn.original;
  const words = [
    ...(form.extended ? [family === 4 ? 'ipv4     2' : 'ipv6     10'] : []),
    `${(NAMES[protocol] ?? 'unknown').padEnd(8)} ${protocol}`,
    String(secondsLeft(s.timeLeft)),
    ...(s.state === undefined ? [] : [s.state]),
    ...tupleWords(conn.original),
    ...(s.zoneOriginal === undefined ? [] : [`zone-orig=${s.zoneOriginal}`]),
    ...(form.accounting ? counterWords(conn, 0) : []),
    ...(s.status.includes('UNREPLIED') ? ['[UNREPLIED]'] : []),
    ...tupleWords(conn.reply),
    ...(s.zoneReply === undefined ? [] : [`zone-reply=${s.zoneReply}`]),
    ...(form.accounting ? counterWords(conn, 1) : []),
    ...(s.status.includes('ASSURED') ? ['[ASSURED]'] : []),
    `mark=${s.mark}`,
    ...(s.zone === 0 ? [] : [`zone=${s.zone}`]),
    ...(s.helper === undefined ? [] : [`helper=${s.helper}`]),
    `use=${form.use}`,
    ...(form.id ? [`id=${s.id}`] : []),
  ];
  return `${words.join(' ')}\n`;
}

/** Whole seconds, of which the current one has begun: a real clock is always a little past the packet. */
export function secondsLeft(timeLeft: SimTime): number {
  return Math.max(0, Math.ceil(timeLeft / SECOND) - 1);
}

type Pairs = readonly (readonly [name: string, value: string | number])[];

/** The addresses of one direction, and what its protocol has besides. Kernel: print_tuple() */
function tuplePairs(t: Tuple): { readonly layer3: Pairs; readonly layer4: Pairs } {
  const layer3: Pairs = [
    ['src', t.src],
    ['dst', t.dst],
  ];
  if (isIcmp(t)) return { layer3, layer4: Object.entries({ type: t.dport >> 8, code: t.dport & 255, id: t.sport }) };
  const hex = (n: number) => `0x${n.toString(16)}`;
  if (t.protocol === IPPROTO.gre)
    return { layer3, layer4: Object.entries({ srckey: hex(t.sport), dstkey: hex(t.dport) }) };
  const ported = TRACKERS[t.protocol] !== undefined;
  return { layer3, layer4: ported ? Object.entries({ sport: t.sport, dport: t.dport }) : [] };
}

const isIcmp = ({ protocol }: Tuple) => protocol === IPPROTO.icmp || protocol === IPPROTO.icmpv6;

const wordsOf = (pairs: Pairs): string[] => pairs.map(([name, value]) => `${name}=${value}`);
const tagsOf = (pairs: Pairs): string => pairs.map(([name, value]) => `<${name}>${value}</${name}>`).join('');

/** One direction of an entry; `written` is how an address is put. */
export function tupleWords(t: Tuple, written: (addr: Addr) => string = (addr) => addr): string[] {
  const { layer4 } = tuplePairs(t);
  return [`src=${written(t.src)}`, `dst=${written(t.dst)}`, ...wordsOf(layer4)];
}

function counterPairs({ counters }: Conn, index: 0 | 1): Pairs {
  return counters ? Object.entries({ packets: counters.packets[index], bytes: counters.bytes[index] }) : [];
}

/** What went that way, if it is counted. */
export function counterWords(conn: Conn, index: 0 | 1): string[] {
  return wordsOf(counterPairs(conn, index));
}

/** One line of `-o xml`; of ICMP it says neither type nor id. libnetfilter_conntrack: __snprintf_conntrack_xml() */
function xmlLine(conn: Conn, form: EntryForm): string {
  const s = ctSnapshot(conn, form.now);
  const direction = (name: string, t: Tuple, index: 0 | 1, zone: number | undefined) => {
    const { layer3, layer4 } = tuplePairs(t);
    const layers = layer3Tag(t.family, tagsOf(layer3)) + layer4Tag(t.protocol, tagsOf(isIcmp(t) ? [] : layer4));
    const counted = form.accounting && conn.counters ? `<counters>${tagsOf(counterPairs(conn, index))}</counters>` : '';
    return `<meta direction="${name}">${layers}${zone === undefined ? '' : `<zone>${zone}</zone>`}${counted}</meta>`;
  };
  const independent: Pairs = [
    ...(s.state === undefined ? [] : [['state', s.state] as const]),
    ['timeout', secondsLeft(s.timeLeft)],
    ['mark', s.mark],
    ...(s.zone === 0 ? [] : [['zone', s.zone] as const]),
    ['use', form.use],
    ['id', s.id],
  ];
  const status = ['ASSURED', 'UNREPLIED'] as const;
  const flags = status.map((flag) => (s.status.includes(flag) ? `<${flag.toLowerCase()}/>` : '')).join('');
  const helper = s.helper === undefined ? '' : tagsOf([['helper', s.helper]]);
  const metas =
    direction('original', conn.original, 0, s.zoneOriginal) +
    direction('reply', conn.reply, 1, s.zoneReply) +
    `<meta direction="independent">${tagsOf(independent)}${flags}</meta>`;
  return `<flow>${metas}${helper}</flow>\n`;
}

/** One line of `-L expect -o xml`. libnetfilter_conntrack: __snprintf_expect_xml() */
export function expectationXml({ tuple, master, expires }: Expectation, now: SimTime): string {
  const four = tuple.family === 4;
  const full = four ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
  const { original, help } = master;
  const named = (name: string, pairs: Pairs): string => `<${name}>${tagsOf(pairs)}</${name}>`;
  const addresses = (name: string, src: string, dst: string) => named(name, Object.entries({ src, dst }));
  const ports = (name: string, sport: number, dport: number) => named(name, Object.entries({ sport, dport }));
  const layer3 =
    addresses('expected', tuple.src, tuple.dst) +
    addresses('mask', full, full) +
    addresses('master', original.src, original.dst);
  const layer4 =
    ports('expected', tuple.sport, tuple.dport) +
    ports('mask', 0, 65535) +
    ports('master', original.sport, original.dport);
  const meta: Pairs = [
    ...(help?.helper ? [['helper-name', help.helper] as const] : []),
    ['timeout', secondsLeft(expires - now)],
    ['class', 0],
  ];
  return `<flow>${layer3Tag(tuple.family, layer3)}${layer4Tag(tuple.protocol, layer4)}${named('meta', meta)}</flow>\n`;
}

const layer3Tag = (family: Family, within: string): string =>
  `<layer3 protonum="${family === 4 ? 2 : 10}" protoname="ipv${family}">${within}</layer3>`;
const layer4Tag = (protocol: number, within: string): string =>
  `<layer4 protonum="${protocol}" protoname="${NAMES[protocol] ?? 'unknown'}">${within}</layer4>`;

/** One line of `conntrack -L expect`. libnetfilter_conntrack: __snprintf_expect_default() */
export function expectationLine(e: Expectation, now: SimTime): string {
  const left = secondsLeft(e.expires - now);
  const { tuple, master } = e;
  const four = tuple.family === 4;
  const full = four ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
  const { original } = master;
  const words = [
    `${left} proto=${tuple.protocol}`,
    `src=${tuple.src} dst=${tuple.dst} sport=${tuple.sport} dport=${tuple.dport}`,
    `mask-src=${full} mask-dst=${full} sport=0 dport=65535`,
    `master-src=${original.src} master-dst=${original.dst} sport=${original.sport} dport=${original.dport}`,
    `class=0${master.help?.helper ? ` helper=${master.help.helper}` : ''}`,
  ];
  return `${words.join(' ')}\n`;
}

/** One line of `-o save`: the words that would make the entry, or delete it. */
function saveLine(conn: Conn, verb: 'A' | 'D', now: SimTime): string {
  const s = ctSnapshot(conn, now);
  const { original: o, reply: r, status } = conn;
  const flags = [
    ...((status & IPS.SEEN_REPLY) === 0 ? [] : ['SEEN_REPLY']),
    ...((status & IPS.ASSURED) === 0 ? [] : ['ASSURED']),
  ];
  const natted = r.dst !== o.src;
  const name = NAMES[o.protocol] ?? String(o.protocol);
  const words = [
    `-${verb} -t ${secondsLeft(s.timeLeft)} -u ${flags.length === 0 ? 'UNSET' : flags.join(',')}`,
    ...(s.zone === 0 ? [] : [`-w ${s.zone}`]),
    ...(s.zoneOriginal === undefined ? [] : [`--orig-zone ${s.zoneOriginal}`]),
    ...(s.zoneReply === undefined ? [] : [`--reply-zone ${s.zoneReply}`]),
    `-s ${o.src} -d ${o.dst}`,
    (status & IPS.DST_NAT) !== 0 ? `-g ${r.src}` : `-r ${r.src}`,
    (status & IPS.SRC_NAT) !== 0 && natted ? `-n ${r.dst}` : `-q ${r.dst}`,
    `-p ${name}`,
  ];
  if (s.original.type !== undefined) {
    words.push(`--${name}-type ${s.original.type} --${name}-code ${s.original.code} --${name}-id ${s.original.id}`);
  } else if (o.protocol === IPPROTO.gre) {
    words.push(`--srckey ${o.sport} --dstkey ${o.dport} --reply-key-src ${r.sport} --reply-key-dst ${r.dport}`);
  } else if (s.original.sport !== undefined) {
    words.push(`--sport ${o.sport} --dport ${o.dport} --reply-port-src ${r.sport} --reply-port-dst ${r.dport}`);
  }
  if (s.state !== undefined) words.push(`--state ${s.state}`);
  return `${words.join(' ')}\n`;
}
