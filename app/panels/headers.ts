/** A field of a packet's headers. `name` is the same in every packet, so that two can be compared. */
export interface HeaderField {
  readonly layer: string;
  readonly name: string;
  readonly value: string;
  /** What the value means, in words; '' if it speaks for itself. */
  readonly note: string;
  /** Where its bytes are. */
  readonly at: number;
  readonly length: number;
}

const PROTOCOLS: Readonly<Record<number, string>> = {
  0: 'hop-by-hop options',
  1: 'ICMP',
  2: 'IGMP',
  4: 'IP in IP',
  6: 'TCP',
  17: 'UDP',
  33: 'DCCP',
  41: 'IPv6',
  43: 'routing header',
  44: 'fragment header',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  59: 'nothing',
  60: 'destination options',
  132: 'SCTP',
};
const ICMP_TYPES: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'destination unreachable',
  4: 'source quench',
  5: 'redirect',
  8: 'echo request',
  11: 'time exceeded',
  12: 'parameter problem',
  13: 'timestamp request',
  14: 'timestamp reply',
};
const ICMP6_TYPES: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
};
const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const;

const u8 = (b: Uint8Array, at: number): number => b[at] ?? 0;
const u16 = (b: Uint8Array, at: number): number => u8(b, at) * 256 + u8(b, at + 1);
const u32 = (b: Uint8Array, at: number): number => u16(b, at) * 65536 + u16(b, at + 2);
const hex = (n: number, digits = 4): string => `0x${n.toString(16).padStart(digits, '0')}`;

/** All fields of the headers of a packet, from its IP header on. Of what is cut short, as many as there are. */
export function headerFields(bytes: Uint8Array): readonly HeaderField[] {
  const out: HeaderField[] = [];
  ip(bytes, 0, out, '');
  return out.filter((f) => f.at + f.length <= bytes.length);
}

type Add = (name: string, at: number, length: number, value: string | number, note?: string) => void;

function adder(out: HeaderField[], layer: string): Add {
  return (name, at, length, value, note = '') => out.push({ layer, name, value: String(value), note, at, length });
}

function ip(b: Uint8Array, at: number, out: HeaderField[], prefix: string): void {
  const version = u8(b, at) >> 4;
  if (version === 4) ip4(b, at, out, prefix);
  else if (version === 6) ip6(b, at, out, prefix);
}

function ip4(b: Uint8Array, at: number, out: HeaderField[], prefix: string): void {
  const add = adder(out, `${prefix}IPv4`);
  const header = (u8(b, at) & 15) * 4;
  const flags = u16(b, at + 6);
  const offset = (flags & 0x1fff) * 8;
  const protocol = u8(b, at + 9);
  const quad = (from: number): string => [...b.subarray(from, from + 4)].join('.');
  add('source', at + 12, 4, quad(at + 12));
  add('destination', at + 16, 4, quad(at + 16));
  add('ttl', at + 8, 1, u8(b, at + 8));
  add('protocol', at + 9, 1, protocol, PROTOCOLS[protocol] ?? '');
  add('tos', at + 1, 1, hex(u8(b, at + 1), 2), tosNote(u8(b, at + 1)));
  add('total length', at + 2, 2, u16(b, at + 2), 'bytes');
  add('id', at + 4, 2, u16(b, at + 4));
  const set = [flags & 0x4000 ? 'DF' : '', flags & 0x2000 ? 'MF' : ''].filter(Boolean);
  add(
    'flags',
    at + 6,
    2,
    set.join(' ') || 'none',
    flags & 0x4000 ? 'do not fragment' : flags & 0x2000 ? 'more fragments follow' : '',
  );
  if (offset > 0 || flags & 0x2000) add('fragment offset', at + 6, 2, offset, 'bytes');
  add('header length', at, 1, header, 'bytes');
  add('checksum', at + 10, 2, hex(u16(b, at + 10)));
  if (header > 20) add('options', at + 20, header - 20, hexBytes(b.subarray(at + 20, at + header)));
  if (offset === 0) transport(b, at + header, protocol, out, prefix);
  else rest(b, at + header, out, `${prefix}Payload`);
}

function ip6(b: Uint8Array, at: number, out: HeaderField[], prefix: string): void {
  const add = adder(out, `${prefix}IPv6`);
  add('source', at + 8, 16, groups(b, at + 8));
  add('destination', at + 24, 16, groups(b, at + 24));
  add('hop limit', at + 7, 1, u8(b, at + 7));
  let next = u8(b, at + 6);
  add('next header', at + 6, 1, next, PROTOCOLS[next] ?? '');
  const tos = ((u16(b, at) >> 4) & 0xff) >>> 0;
  add('traffic class', at, 2, hex(tos, 2), tosNote(tos));
  add('flow label', at + 1, 3, hex(u32(b, at) & 0xfffff, 5));
  add('payload length', at + 4, 2, u16(b, at + 4), 'bytes');
  let here = at + 40;
  let first = true;
  while ([0, 43, 44, 60].includes(next) && here + 8 <= b.length) {
    const name = PROTOCOLS[next] ?? 'extension';
    const more = adder(out, `${prefix}IPv6 ${name}`);
    const length = next === 44 ? 8 : (u8(b, here + 1) + 1) * 8;
    more('next header', here, 1, u8(b, here), PROTOCOLS[u8(b, here)] ?? '');
    if (next === 44) {
      const where = u16(b, here + 2);
      more('fragment offset', here + 2, 2, where & 0xfff8, 'bytes');
      more('more fragments', here + 3, 1, where & 1 ? 'yes' : 'no');
      more('id', here + 4, 4, hex(u32(b, here + 4), 8));
      first = (where & 0xfff8) === 0;
    } else more('length', here + 1, 1, length, 'bytes');
    next = u8(b, here);
    here += length;
  }
  if (first) transport(b, here, next, out, prefix);
  else rest(b, here, out, `${prefix}Payload`);
}

function transport(b: Uint8Array, at: number, protocol: number, out: HeaderField[], prefix: string): void {
  switch (protocol) {
    case 6: {
      const add = adder(out, `${prefix}TCP`);
      const header = (u8(b, at + 12) >> 4) * 4;
      const flags = u8(b, at + 13);
      add('source port', at, 2, u16(b, at));
      add('destination port', at + 2, 2, u16(b, at + 2));
      add('flags', at + 13, 1, FLAGS.filter((_, bit) => (flags >> bit) & 1).join(' ') || 'none');
      add('sequence', at + 4, 4, u32(b, at + 4));
      add('acknowledgement', at + 8, 4, u32(b, at + 8));
      add('window', at + 14, 2, u16(b, at + 14));
      add('header length', at + 12, 1, header, 'bytes');
      add('checksum', at + 16, 2, hex(u16(b, at + 16)));
      if (u16(b, at + 18) > 0) add('urgent pointer', at + 18, 2, u16(b, at + 18));
      tcpOptions(b, at + 20, at + header, add);
      rest(b, at + Math.max(20, header), out, `${prefix}Payload`);
      return;
    }
    case 17: {
      const add = adder(out, `${prefix}UDP`);
      add('source port', at, 2, u16(b, at));
      add('destination port', at + 2, 2, u16(b, at + 2));
      add('length', at + 4, 2, u16(b, at + 4), 'bytes');
      add('checksum', at + 6, 2, hex(u16(b, at + 6)));
      rest(b, at + 8, out, `${prefix}Payload`);
      return;
    }
    case 1:
    case 58: {
      const six = protocol === 58;
      const add = adder(out, `${prefix}${six ? 'ICMPv6' : 'ICMP'}`);
      const type = u8(b, at);
      const error = six ? type < 128 : [3, 4, 5, 11, 12].includes(type);
      add('type', at, 1, type, (six ? ICMP6_TYPES : ICMP_TYPES)[type] ?? '');
      add('code', at + 1, 1, u8(b, at + 1));
      if (six ? type === 128 || type === 129 : type === 0 || type === 8) {
        add('id', at + 4, 2, u16(b, at + 4));
        add('sequence', at + 6, 2, u16(b, at + 6));
      } else if (six ? type === 2 : type === 3 && u8(b, at + 1) === 4)
        add('mtu', at + 4, 4, six ? u32(b, at + 4) : u16(b, at + 6));
      else if (!six && type === 5) add('gateway', at + 4, 4, [...b.subarray(at + 4, at + 8)].join('.'));
      add('checksum', at + 2, 2, hex(u16(b, at + 2)));
      if (error && prefix === '' && b.length > at + 8) ip(b, at + 8, out, 'Inner ');
      else rest(b, at + 8, out, `${prefix}Payload`);
      return;
    }
    case 132: {
      const add = adder(out, `${prefix}SCTP`);
      add('source port', at, 2, u16(b, at));
      add('destination port', at + 2, 2, u16(b, at + 2));
      add('verification tag', at + 4, 4, hex(u32(b, at + 4), 8));
      rest(b, at + 12, out, `${prefix}Chunks`);
      return;
    }
    case 59:
      return;
    default:
      rest(b, at, out, `${prefix}Payload`);
  }
}

function tcpOptions(b: Uint8Array, from: number, to: number, add: Add): void {
  for (let at = from; at < to && at < b.length; ) {
    const kind = u8(b, at);
    if (kind === 0) return;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = u8(b, at + 1);
    if (length < 2) return;
    if (kind === 2) add('mss', at, length, u16(b, at + 2), 'largest segment');
    else if (kind === 3) add('window scale', at, length, u8(b, at + 2));
    else if (kind === 4) add('sack permitted', at, length, 'yes');
    else add(`option ${kind}`, at, length, hexBytes(b.subarray(at + 2, at + length)));
    at += length;
  }
}

function rest(b: Uint8Array, at: number, out: HeaderField[], layer: string): void {
  if (at >= b.length) return;
  const data = b.subarray(at);
  const text = [...data.subarray(0, 200)]
    .map((c) => (c >= 32 && c < 127 ? String.fromCharCode(c) : c === 10 ? '↵' : c === 13 ? '' : '·'))
    .join('');
  out.push({
    layer,
    name: 'data',
    value: text,
    note: `${data.length} ${data.length === 1 ? 'byte' : 'bytes'}`,
    at,
    length: data.length,
  });
}

const hexBytes = (data: Uint8Array): string => [...data].map((n) => n.toString(16).padStart(2, '0')).join(' ');

const DSCP: Readonly<Record<number, string>> = {
  8: 'CS1',
  10: 'AF11',
  16: 'CS2',
  18: 'AF21',
  24: 'CS3',
  26: 'AF31',
  32: 'CS4',
  34: 'AF41',
  40: 'CS5',
  46: 'EF',
  48: 'CS6',
  56: 'CS7',
};

function tosNote(tos: number): string {
  const ecn = ['', 'ECT(1)', 'ECT(0)', 'CE'][tos & 3] ?? '';
  const name = DSCP[tos >> 2] ?? (tos >> 2 === 0 ? '' : `DSCP ${tos >> 2}`);
  return [name, ecn].filter(Boolean).join(' ');
}

function groups(b: Uint8Array, at: number): string {
  const all = Array.from({ length: 8 }, (_, i) => u16(b, at + 2 * i).toString(16));
  const runs = [
    ...all
      .map((g) => (g === '0' ? '0' : 'x'))
      .join('')
      .matchAll(/0{2,}/g),
  ];
  const longest = runs.reduce<RegExpMatchArray | null>(
    (a, r) => (a === null || r[0].length > a[0].length ? r : a),
    null,
  );
  if (longest?.index === undefined) return all.join(':');
  return `${all.slice(0, longest.index).join(':')}::${all.slice(longest.index + longest[0].length).join(':')}`;
}

export interface FieldPair {
  readonly layer: string;
  readonly name: string;
  readonly note: string;
  /** null where the packet has no such field. */
  readonly before: string | null;
  readonly after: string | null;
  readonly changed: boolean;
}

/** Fields that change with any other: worth showing, not worth pointing at. */
const FOLLOWS = new Set(['checksum']);

/** Two states of a packet side by side; of one alone, if nothing was before. What has changed comes first in its layer. */
export function compareHeaders(before: Uint8Array | null, after: Uint8Array): readonly FieldPair[] {
  const now = headerFields(after);
  const then = before === null ? now : headerFields(before);
  const key = (f: HeaderField): string => `${f.layer}/${f.name}`;
  const old = new Map(then.map((f) => [key(f), f]));
  const pairs = now.map((f): FieldPair => {
    const was = old.get(key(f));
    old.delete(key(f));
    return {
      layer: f.layer,
      name: f.name,
      note: f.note,
      before: was?.value ?? null,
      after: f.value,
      changed: was?.value !== f.value,
    };
  });
  for (const f of old.values()) {
    pairs.push({ layer: f.layer, name: f.name, note: f.note, before: f.value, after: null, changed: true });
  }
  const layers = [...new Set(pairs.map((p) => p.layer))];
  const weight = (p: FieldPair): number => (p.changed ? (FOLLOWS.has(p.name) ? 1 : 0) : 2);
  return layers.flatMap((layer) => pairs.filter((p) => p.layer === layer).toSorted((a, b) => weight(a) - weight(b)));
}
