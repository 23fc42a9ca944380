import type { Random } from '../random';
import type { DraftPacket, DraftStep, Party } from '../topology';
import { wideCommands } from './commands';
import { ports, type Wide } from './context';

type Put = (from: Party, packet: DraftPacket) => void;
type Echoing = ReadonlySet<string>;

export function makeWideSteps(r: Random, w: Wide, echoing: Echoing, names: { next: number }): DraftStep[] {
  const steps: DraftStep[] = [];
  const sent: DraftPacket[] = [];
  const put: Put = (from, packet) => {
    steps.push(from.emit(packet));
    sent.push(packet);
  };
  const stories = 1 + r.int(4);
  for (let i = 0; i < stories; i++) {
    const family = r.pick(w.families);
    story(r, w, family, echoing, put);
    if (sent.length > 0 && r.chance(25)) put(r.pick(w.parties[family]), errorAbout(r, w, family, r.pick(sent)));
    if (r.chance(9)) steps.push({ wait: { seconds: 3 } });
    if (r.chance(35)) steps.push(...wideCommands(r, w, names));
  }
  const packets = steps.filter((step) => 'send' in step || 'receive' in step);
  if (r.chance(25) && packets.length > 0) steps.push(r.pick(packets));
  return steps.slice(0, 16);
}

interface Ends {
  readonly family: 4 | 6;
  readonly from: Party;
  readonly other: Party;
  readonly dst: string;
  readonly backTo: string;
  readonly sport: number;
  readonly dport: number;
  readonly ip: Record<string, unknown>;
}

function story(r: Random, w: Wide, family: 4 | 6, echoing: Echoing, put: Put): void {
  const parties = w.parties[family];
  const from = r.pick(parties);
  const others = parties.filter((party) => party.address !== from.address);
  const other = others.length > 0 ? r.pick(others) : from;
  const dst = r.weighted<string>([
    [5, other.address],
    [4, r.pick(w.own[family])],
    [1.5, r.pick(w.odd[family])],
  ]);
  const src = r.chance(5) ? r.pick(w.odd[family]) : from.address;
  const backTo = r.weighted<string>([
    [3, from.address],
    [2, r.pick(w.own[family])],
  ]);
  const ends: Ends = {
    family,
    from: { ...from, address: src },
    other,
    dst,
    backTo,
    // Never one that a listener may have: two that echo would not come to an end.
    sport: r.pick([4000, 4001, 5000, 123]),
    dport: r.pick(ports),
    ip: extras(r, family),
  };
  r.weighted<(r: Random, put: Put, ends: Ends, echoing: Echoing, w: Wide) => void>([
    [5, udp],
    [6, tcp],
    [3, ping],
    [3, pieces],
    [2, sctp],
    [1, gre],
    [2, otherProtocol],
    [1, icmpQuery],
    [1.5, ftp],
    [1, tftp],
    [1, cutShort],
    [1, dccp],
    [family === 6 ? 3 : 0, extended],
  ])(r, put, ends, echoing, w);
}

const text = (r: Random) =>
  r.weighted<Record<string, unknown>>([
    [5, {}],
    [5, { payload: 'hello' }],
    [1, { payload: 'say HELLO world' }],
    [2, { payload: { repeat: 'x', count: r.pick([100, 600, 1250, 1350, 1444]) } }],
  ]);

function udp(r: Random, put: Put, e: Ends): void {
  const there = () =>
    put(e.from, { src: e.from.address, dst: e.dst, ...e.ip, udp: { sport: e.sport, dport: e.dport, ...text(r) } });
  const back = () => put(e.other, { src: e.dst, dst: e.backTo, udp: { sport: e.dport, dport: e.sport, ...text(r) } });
  there();
  for (let i = r.int(4); i > 0; i--) (r.chance(50) ? there : back)();
}

function tcp(r: Random, put: Put, e: Ends, echoing: Echoing): void {
  const listens = echoing.has(`tcp ${e.dport}`) || echoing.has(`tcp ${e.sport}`);
  const there = (flags: string, more: object = {}) =>
    put(e.from, { src: e.from.address, dst: e.dst, ...e.ip, tcp: { sport: e.sport, dport: e.dport, flags, ...more } });
  const back = (flags: string, more: object = {}) =>
    put(e.other, { src: e.dst, dst: e.backTo, tcp: { sport: e.dport, dport: e.sport, flags, ...more } });
  const options = () => ({
    ...(r.chance(60) ? { mss: r.pick([1460, 1400, 536]) } : {}),
    ...(r.chance(30) ? { sackPermitted: true } : {}),
    ...(r.chance(30) ? { wscale: r.pick([0, 7, 14]) } : {}),
  });
  const data = (flags: string) => (flags.includes('P') ? { payload: r.pick(['data', 'hello', 'USER a\r\n']) } : {});
  if (listens) {
    there('S', options());
    const rest = r.pick([
      [],
      ['A'],
      ['A', 'PA'],
      ['A', 'PA', 'PA', 'FA', 'A'],
      ['A', 'FA', 'A'],
      ['R'],
      ['A', 'R'],
      ['A', 'PA', 'RA'],
      ['S'],
      ['SA'],
    ]);
    for (const flags of rest) there(flags, data(flags));
    return;
  }
  const any = () =>
    r.pick([
      'A',
      'PA',
      'SA',
      'FA',
      'R',
      'RA',
      '',
      'FPU',
      'SR',
      'S',
      'F',
      'SF',
      'FPA',
      'SEC',
      'AU',
      'PAE',
      'FSRPAU'.slice(0, 3),
    ]);
  if (r.chance(25)) {
    for (let i = 1 + r.int(4); i > 0; i--) (r.chance(60) ? there : back)(any(), {});
    return;
  }
  there('S', options());
  if (r.chance(15)) {
    there('S', options());
    return;
  }
  if (r.chance(15)) {
    back(r.pick(['RA', 'R', 'A', 'S']));
    return;
  }
  back('SA', { seq: 5000, ...options() });
  there(
    r.weighted([
      [8, 'A'],
      [1, 'R'],
      [1, 'FA'],
      [1, 'S'],
      [1, 'PA'],
    ] as const),
  );
  for (let i = r.int(6); i > 0; i--) {
    const flags = r.weighted([
      [5, 'PA'],
      [3, 'A'],
      [4, 'FA'],
      [1, 'R'],
      [1, 'S'],
      [1, 'RA'],
      [0.5, 'SA'],
      [0.5, 'F'],
    ] as const);
    const odd = r.chance(8)
      ? { seq: r.pick([1, 900, 100000, 4294967295]) }
      : r.chance(5)
        ? { ack: r.pick([1, 99999]) }
        : {};
    (r.chance(50) ? there : back)(flags, {
      ...data(flags),
      ...odd,
      ...(r.chance(5) ? { window: r.pick([0, 1, 100]) } : {}),
    });
  }
}

const echo = (family: 4 | 6, request: boolean) => (family === 6 ? (request ? 128 : 129) : request ? 8 : 0);
const icmpName = (family: 4 | 6) => (family === 6 ? 'icmpv6' : 'icmp');

function ping(r: Random, put: Put, e: Ends): void {
  const id = 1 + r.int(3);
  const request = (seq: number) =>
    put(e.from, {
      src: e.from.address,
      dst: e.dst,
      ...e.ip,
      [icmpName(e.family)]: { type: echo(e.family, true), code: r.chance(5) ? 1 : 0, id, seq, ...text(r) },
    });
  request(1);
  if (r.chance(45))
    put(e.other, {
      src: e.dst,
      dst: e.backTo,
      [icmpName(e.family)]: { type: echo(e.family, false), code: 0, id, seq: 1 },
    });
  if (r.chance(35)) request(2);
}

function pieces(r: Random, put: Put, e: Ends): void {
  const count = r.pick([24, 56, 120]);
  const body = r.pick<Record<string, unknown>>([
    { udp: { sport: e.sport, dport: e.dport, payload: { repeat: 'f', count } } },
    { udp: { sport: e.sport, dport: e.dport, payload: { repeat: 'f', count } } },
    { [icmpName(e.family)]: { type: echo(e.family, true), code: 0, id: 3, seq: 1, payload: { repeat: 'g', count } } },
    { tcp: { sport: e.sport, dport: e.dport, flags: 'S', payload: { repeat: 'h', count } } },
    { protocol: 253, payload: { repeat: 'i', count: count + 8 } },
  ]);
  const whole = { src: e.from.address, dst: e.dst, ...e.ip, id: 7, ...body };
  const cut = 24;
  const list: DraftPacket[] = [];
  for (let offset = 0; offset < count + 8; offset += cut) {
    const last = offset + cut >= count + 8;
    list.push({ ...whole, fragment: last ? { offset } : { offset, length: cut } });
  }
  const way = r.weighted([
    [5, 'order'],
    [2, 'reverse'],
    [1, 'hole'],
    [1, 'twice'],
    [1, 'overlap'],
    [1, 'first'],
  ] as const);
  const chosen: DraftPacket[] =
    way === 'reverse'
      ? [...list].reverse()
      : way === 'hole'
        ? list.filter((_, at) => at !== 1)
        : way === 'twice'
          ? [list[0] as DraftPacket, ...list]
          : way === 'overlap'
            ? [list[0] as DraftPacket, { ...whole, fragment: { offset: 16, length: 16 } }, ...list.slice(1)]
            : way === 'first'
              ? list.slice(0, 1)
              : list;
  for (const piece of chosen.slice(0, 6)) put(e.from, piece);
}

const bytes = (...numbers: readonly number[]) => String.fromCharCode(...numbers.map((n) => n & 255));
const u16 = (n: number) => bytes(n >> 8, n);
const u32 = (n: number) => bytes(n >>> 24, n >>> 16, n >>> 8, n);

/** SCTP without a checksum of its own: CRC-32c is left out by what asks for it, 0 is wrong elsewhere. */
function sctp(r: Random, put: Put, e: Ends): void {
  const chunk = (type: number, body = '', flags = 0) =>
    `${bytes(type, flags)}${u16(4 + body.length)}${body}${'\0'.repeat((4 - (body.length % 4)) % 4)}`;
  const packet = (sport: number, dport: number, tag: number, chunks: string) => {
    const head = `${u16(sport)}${u16(dport)}${u32(tag)}`;
    const sum = r.chance(4) ? 7 : crc32c(`${head}\0\0\0\0${chunks}`);
    return { protocol: 132, payload: `${head}${bytes(sum, sum >>> 8, sum >>> 16, sum >>> 24)}${chunks}` };
  };
  const there = (tag: number, chunks: string) =>
    put(e.from, { src: e.from.address, dst: e.dst, ...e.ip, ...packet(e.sport, e.dport, tag, chunks) });
  const back = (tag: number, chunks: string) =>
    put(e.other, { src: e.dst, dst: e.backTo, ...packet(e.dport, e.sport, tag, chunks) });
  const init = (tag: number) => `${u32(tag)}${u32(65535)}${u16(10)}${u16(10)}${u32(1)}`;
  const A = 0x1111;
  const B = 0x2222;
  if (r.chance(70)) {
    there(0, chunk(1, init(A)));
    if (r.chance(80)) back(A, chunk(2, init(B)));
    if (r.chance(80)) there(B, chunk(10, 'cook'));
    if (r.chance(70)) back(A, chunk(11));
  }
  const tail = [
    () => there(B, chunk(0, `${u32(1)}${u16(0)}${u16(0)}${u32(0)}hello`, 3)),
    () => back(A, chunk(3, `${u32(1)}${u32(1000)}${u32(0)}`)),
    () => there(B, chunk(7, u32(1))),
    () => back(A, chunk(8)),
    () => there(B, chunk(14)),
    () => there(B, chunk(4, 'hb..')),
    () => back(A, chunk(5, 'hb..')),
    () => there(B, chunk(6)),
    () => back(A, chunk(6, '', 1)),
    () => there(0, chunk(1, init(A))),
    () => there(99, chunk(0, 'wrong tag here..')),
    () => there(B, chunk(10, 'cook') + chunk(0, `${u32(1)}${u16(0)}${u16(0)}${u32(0)}data`, 3)),
    () => there(B, ''),
    () => there(B, bytes(0, 0, 0, 2)),
  ];
  for (let i = r.int(5); i > 0; i--) r.pick(tail)();
}

function crc32c(data: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < data.length; i++) {
    crc ^= data.charCodeAt(i);
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function gre(r: Random, put: Put, e: Ends): void {
  const body = () =>
    r.pick([
      '\0\0\b\0abcd',
      ' \0\b\0\0\0\0\x01',
      '0\x81\x88\x0b\0\x04\0\x05\0\0\0\x01data',
      '\0\x01\x88\x0b\0\0\0\x05',
      '\0',
      '\0\x02\0\0',
    ]);
  put(e.from, { src: e.from.address, dst: e.dst, ...e.ip, protocol: 47, payload: body() });
  if (r.chance(60)) put(e.other, { src: e.dst, dst: e.backTo, protocol: 47, payload: body() });
  if (r.chance(40)) put(e.from, { src: e.from.address, dst: e.dst, protocol: 47, payload: body() });
}

function otherProtocol(r: Random, put: Put, e: Ends): void {
  const one = r.pick([
    { protocol: 253, payload: 'abcdefgh' },
    { protocol: 50, payload: '\0\0\x01\0\0\0\0\x01data' },
    { protocol: 51, payload: '\x06\x04\0\0\0\0\0\x01\0\0\0\x01aaaaaaaaaaaa\x0f\xa0\0P\0\0\0\0' },
    { protocol: 136, payload: `${u16(e.sport)}${u16(e.dport)}\0\x08\0\0data` },
    { protocol: 4, payload: 'E\0\0\x14\0\0@\0@\0\0\0\n\0\0\x02\n\0\0\x01' },
    { protocol: 108, payload: '\x06\0\0\x02data' },
    { protocol: 255, payload: 'raw' },
    { protocol: 2, payload: '\x11\0\xee\xff\0\0\0\0' },
    { protocol: 103, payload: 'pim.' },
    { protocol: 0 + 89, payload: '' },
    { protocol: e.family === 4 ? 58 : 1, payload: '\x08\0\xf7\xff\0\0\0\0' },
  ]);
  put(e.from, { src: e.from.address, dst: e.dst, ...e.ip, ...one });
  if (r.chance(50)) put(e.other, { src: e.dst, dst: e.backTo, ...one });
  if (r.chance(30)) put(e.from, { src: e.from.address, dst: e.dst, ...one });
}

function icmpQuery(r: Random, put: Put, e: Ends): void {
  const [request, reply] =
    e.family === 4
      ? r.pick([
          [15, 16],
          [17, 18],
          [10, 9],
          [5, 4],
          [42, 43],
          [30, 31],
          [8, 0],
        ] as const)
      : r.pick([
          [128, 129],
          [139, 140],
          [144, 145],
          [160, 161],
          [138, 138],
          [200, 201],
          [101, 127],
        ] as const);
  const name = icmpName(e.family);
  put(e.from, {
    src: e.from.address,
    dst: e.dst,
    ...e.ip,
    [name]: { type: request, code: 0, id: 5, seq: 1, payload: 'aaaabbbbcccc' },
  });
  if (r.chance(60))
    put(e.other, {
      src: e.dst,
      dst: e.backTo,
      [name]: { type: reply, code: 0, id: 5, seq: 1, payload: 'aaaabbbbcccc' },
    });
  if (r.chance(30))
    put(e.other, {
      src: e.dst,
      dst: e.backTo,
      [name]: { type: reply, code: 0, id: 6, seq: 1, payload: 'aaaabbbbcccc' },
    });
}

function ftp(r: Random, put: Put, e: Ends): void {
  const sport = 4000;
  const there = (flags: string, payload?: string) =>
    put(e.from, {
      src: e.from.address,
      dst: e.dst,
      tcp: { sport, dport: 21, flags, ...(payload === undefined ? {} : { payload }) },
    });
  const back = (flags: string, payload?: string, more: object = {}) =>
    put(e.other, {
      src: e.dst,
      dst: e.backTo,
      tcp: { sport: 21, dport: sport, flags, ...(payload === undefined ? {} : { payload }), ...more },
    });
  there('S');
  back('SA', undefined, { seq: 5000 });
  there('A');
  back('PA', '220 hi\r\n');
  there('PA', 'USER a\r\n');
  back('PA', '230 ok\r\n');
  const port = r.pick([5001, 80, 4000]);
  const commas = (address: string) => `${address.split('.').join(',')},${port >> 8},${port & 255}`;
  const data = (src: Party, from: string, to: string, s: number, d: number) =>
    put(src, { src: from, dst: to, tcp: { sport: s, dport: d, flags: 'S' } });
  if (r.chance(50)) {
    there(
      'PA',
      e.family === 4 && r.chance(70)
        ? `PORT ${commas(e.from.address)}\r\n`
        : `EPRT |${e.family === 4 ? 1 : 2}|${e.from.address}|${port}|\r\n`,
    );
    data(e.other, e.dst, e.backTo, 20, port);
  } else {
    back(
      'PA',
      e.family === 4 && r.chance(70)
        ? `227 Entering Passive Mode (${commas(e.dst)}).\r\n`
        : `229 Entering Extended Passive Mode (|||${port}|)\r\n`,
    );
    data(e.from, e.from.address, e.dst, 4500, port);
  }
}

function tftp(r: Random, put: Put, e: Ends): void {
  put(e.from, {
    src: e.from.address,
    dst: e.dst,
    udp: { sport: e.sport, dport: 69, payload: `\0${r.pick(['\x01', '\x02', '\x03'])}file\0octet\0` },
  });
  put(e.other, { src: e.dst, dst: e.backTo, udp: { sport: 6000, dport: e.sport, payload: '\0\x03\0\x01data' } });
  if (r.chance(50))
    put(e.from, { src: e.from.address, dst: e.dst, udp: { sport: e.sport, dport: 6000, payload: '\0\x04\0\x01' } });
}

function cutShort(r: Random, put: Put, e: Ends): void {
  const protocol = r.pick([6, 17, e.family === 4 ? 1 : 58, 132, 33, 136, 47, 51, 50]);
  const payload = r.pick([
    '',
    '\x0f',
    '\x0f\xa0\0P',
    '\x0f\xa0\0P\0\0',
    '\x0f\xa0\0P\0\x08\0\0',
    '\x0f\xa0\0P\0\0\x03\xe8\0\0\0\0\x50\x02',
    '\x08\0\xf7\xff',
  ]);
  put(e.from, { src: e.from.address, dst: e.dst, ...e.ip, protocol, payload });
  if (r.chance(40)) put(e.from, { src: e.from.address, dst: e.dst, protocol, payload });
}

function dccp(r: Random, put: Put, e: Ends): void {
  const packet = (s: number, d: number, type: number) => ({
    protocol: 33,
    payload: `${u16(s)}${u16(d)}${bytes(type === 0 || type === 1 ? 5 : 4, 0, 0, 0)}${bytes((type << 1) | 1, 0)}\0\0\0\0\0\x01${'\0'.repeat(8)}`,
  });
  put(e.from, { src: e.from.address, dst: e.dst, ...packet(e.sport, e.dport, r.pick([0, 0, 2, 9])) });
  if (r.chance(60)) put(e.other, { src: e.dst, dst: e.backTo, ...packet(e.dport, e.sport, r.pick([1, 7, 2])) });
}

/** IPv6 with extension headers: a chain of them, the last one before a transport header. */
function extended(r: Random, put: Put, e: Ends): void {
  const last = r.pick([
    { next: 17, body: `${u16(e.sport)}${u16(e.dport)}\0\x0c\0\0data` },
    { next: 6, body: `${u16(e.sport)}${u16(e.dport)}${u32(1000)}${u32(0)}\x50\x02\xfa\xf0\0\0\0\0` },
    { next: 59, body: r.pick(['', 'rest']) },
    { next: 253, body: 'unknown.' },
    { next: 58, body: '\x80\0\0\0\0\x05\0\x01' },
  ]);
  let body = last.body;
  let next = last.next;
  const kinds = r.pick([[60], [0], [43], [0, 60], [60, 43], [43, 60], [0, 43, 60], [60, 0], [60, 60], [44]]);
  const sum = (data: string, protocol: number, dst: string) => withSum(data, protocol, e.from.address, dst);
  if (next === 17 || next === 6 || next === 58) body = sum(body, next, e.dst);
  for (const kind of [...kinds].reverse()) {
    const options = r.pick([
      '\x01\x04\0\0\0\0',
      '\x05\x02\0\0\x01\0',
      '\x01\x02\0\0\0\0',
      '\x3e\x04aaaa',
      '\x7e\x04aaaa',
      '\xbe\x04aaaa',
      '\xfe\x04aaaa',
      '\x01\x09aaaa',
      '\xc2\x04\0\x01\0\0',
    ]);
    const head =
      kind === 43
        ? `${bytes(next, 0, r.pick([0, 2, 4, 3]), r.pick([0, 0, 0, 1]))}\0\0\0\0`
        : kind === 44
          ? `${bytes(next, 0)}\0\0\0\0\0\x07`
          : `${bytes(next, 0)}${options}`;
    body = head + body;
    next = kind;
  }
  put(e.from, { src: e.from.address, dst: e.dst, ...e.ip, protocol: next, payload: body });
  if (r.chance(30)) put(e.from, { src: e.from.address, dst: e.dst, ...e.ip, protocol: next, payload: body });
}

function withSum(data: string, protocol: number, src: string, dst: string): string {
  const pseudo = `${words(src)}${words(dst)}${u32(data.length)}${u32(protocol)}`;
  let sum = 0;
  const all = pseudo + data + (data.length % 2 === 1 ? '\0' : '');
  for (let i = 0; i < all.length; i += 2) sum += (all.charCodeAt(i) << 8) | all.charCodeAt(i + 1);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  const at = protocol === 17 ? 6 : protocol === 6 ? 16 : 2;
  return data.slice(0, at) + u16(~sum & 0xffff) + data.slice(at + 2);
}

function words(address: string): string {
  const [head = '', tail] = address.split('::');
  if (address.includes('.')) return `${'\0'.repeat(10)}\xff\xff${bytes(...address.slice(7).split('.').map(Number))}`;
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...middle, ...right].map((w) => u16(Number.parseInt(w, 16))).join('');
}

function extras(r: Random, family: 4 | 6): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (r.chance(14)) out.ttl = r.pick([1, 2, 3, 63, 128, 255]);
  if (r.chance(14)) out.tos = r.pick([16, 8, 184, 3, 1, 2, 255, 40]);
  if (family === 4 && r.chance(14)) out.df = false;
  if (r.chance(3)) out.badChecksum = true;
  return out;
}

/** An error that tells of a packet that was sent, as it was or as it may have been translated. */
function errorAbout(r: Random, w: Wide, family: 4 | 6, about: DraftPacket): DraftPacket {
  const six = about.src.includes(':');
  const { fragment: _f, badChecksum: _b, ...inner } = about;
  const quoted = shortened({ ...inner, ttl: 60 }) as DraftPacket;
  if (r.chance(25)) quoted.src = r.pick(w.own[six ? 6 : 4]);
  if (r.chance(15)) quoted.dst = r.pick(w.parties[six ? 6 : 4]).address;
  const dst = r.chance(65) ? quoted.src : r.pick(w.own[six ? 6 : 4]);
  const src = six === (family === 6) ? r.pick(w.parties[family]).address : r.pick(w.parties[six ? 6 : 4]).address;
  if (six) {
    const [type, code] = r.pick([
      [1, 4],
      [1, 0],
      [1, 1],
      [2, 0],
      [3, 0],
      [3, 1],
      [4, 0],
      [4, 1],
    ] as const);
    return { src, dst, icmpv6: { type, code, ...(type === 2 ? { mtu: 1280 } : {}), inner: quoted } };
  }
  const [type, code] = r.pick([
    [3, 0],
    [3, 1],
    [3, 2],
    [3, 3],
    [3, 4],
    [3, 13],
    [11, 0],
    [11, 1],
    [12, 0],
    [4, 0],
    [5, 1],
  ] as const);
  const more = type === 3 && code === 4 ? { mtu: 1300 } : type === 5 ? { gateway: '10.0.0.254' } : {};
  return { src, dst, icmp: { type, code, ...more, inner: quoted } };
}

function shortened(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('count' in value) return { ...value, count: Math.min(Number(value.count), 400) };
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shortened(member)]));
}
