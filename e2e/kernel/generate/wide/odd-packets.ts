import type { Random } from '../random';
import { bytes, u16, u32, withSum } from './raw';
import { echo, icmpName, type Story } from './story';

/** Fragments, protocols without ports, packets that end too early, IPv6 extension headers. */

export function pieces(r: Random, s: Story): void {
  const count = r.pick([24, 56, 120]);
  const ports = { sport: s.sport, dport: s.dport };
  const body = r.pick<Record<string, unknown>>([
    { udp: { ...ports, payload: { repeat: 'f', count } } },
    { udp: { ...ports, payload: { repeat: 'f', count } } },
    { [icmpName(s.family)]: { type: echo(s.family, true), code: 0, id: 3, seq: 1, payload: { repeat: 'g', count } } },
    { tcp: { ...ports, flags: 'S', payload: { repeat: 'h', count } } },
    { protocol: 253, payload: { repeat: 'i', count: count + 8 } },
  ]);
  const whole = { id: 7, ...body };
  const cut = 24;
  const list: object[] = [];
  for (let offset = 0; offset < count + 8; offset += cut) {
    const last = offset + cut >= count + 8;
    list.push({ ...whole, fragment: last ? { offset } : { offset, length: cut } });
  }
  const [first = {}, ...rest] = list;
  const chosen = r.weighted<readonly object[]>([
    [5, list],
    [2, [...list].reverse()],
    [1, list.filter((_, at) => at !== 1)],
    [1, [first, ...list]],
    [1, [first, { ...whole, fragment: { offset: 16, length: 16 } }, ...rest]],
    [1, [first]],
  ]);
  for (const piece of chosen.slice(0, 6)) s.there(piece);
}

export function gre(r: Random, s: Story): void {
  const body = () => ({
    protocol: 47,
    payload: r.pick([
      '\0\0\b\0abcd',
      ' \0\b\0\0\0\0\x01',
      '0\x81\x88\x0b\0\x04\0\x05\0\0\0\x01data',
      '\0\x01\x88\x0b\0\0\0\x05',
      '\0',
      '\0\x02\0\0',
    ]),
  });
  s.there(body());
  if (r.chance(60)) s.back(body());
  if (r.chance(40)) s.plain(body());
}

export function otherProtocol(r: Random, s: Story): void {
  const one = r.pick([
    { protocol: 253, payload: 'abcdefgh' },
    { protocol: 50, payload: '\0\0\x01\0\0\0\0\x01data' },
    { protocol: 51, payload: '\x06\x04\0\0\0\0\0\x01\0\0\0\x01aaaaaaaaaaaa\x0f\xa0\0P\0\0\0\0' },
    { protocol: 136, payload: `${u16(s.sport)}${u16(s.dport)}\0\x08\0\0data` },
    { protocol: 4, payload: 'E\0\0\x14\0\0@\0@\0\0\0\n\0\0\x02\n\0\0\x01' },
    { protocol: 108, payload: '\x06\0\0\x02data' },
    { protocol: 255, payload: 'raw' },
    { protocol: 2, payload: '\x11\0\xee\xff\0\0\0\0' },
    { protocol: 103, payload: 'pim.' },
    { protocol: 89, payload: '' },
    { protocol: 135, payload: `${r.pick([';', '\x11'])}\0${bytes(r.pick([1, 5, 6, 9]), 0)}\0\0\0\0` },
    { protocol: s.family === 4 ? 58 : 1, payload: '\x08\0\xf7\xff\0\0\0\0' },
  ]);
  s.there(one);
  if (r.chance(50)) s.back(one);
  if (r.chance(30)) s.plain(one);
}

/** A header that ends before it should. */
export function cutShort(r: Random, s: Story): void {
  const protocol = r.pick([6, 17, s.family === 4 ? 1 : 58, 132, 33, 136, 47, 51, 50]);
  const payload = r.pick([
    '',
    '\x0f',
    '\x0f\xa0\0P',
    '\x0f\xa0\0P\0\0',
    '\x0f\xa0\0P\0\x08\0\0',
    '\x0f\xa0\0P\0\0\x03\xe8\0\0\0\0\x50\x02',
    '\x08\0\xf7\xff',
  ]);
  s.there({ protocol, payload });
  if (r.chance(40)) s.plain({ protocol, payload });
}

export function dccp(r: Random, s: Story): void {
  const packet = (sport: number, dport: number, type: number) => {
    const offset = type === 0 || type === 1 ? 5 : 4;
    const head = `${u16(sport)}${u16(dport)}${bytes(offset, 0, 0, 0)}${bytes((type << 1) | 1, 0)}\0\0\0\0\0\x01`;
    return { protocol: 33, payload: `${head}${'\0'.repeat(8)}` };
  };
  s.plain(packet(s.sport, s.dport, r.pick([0, 0, 2, 9])));
  if (r.chance(60)) s.back(packet(s.dport, s.sport, r.pick([1, 7, 2])));
}

/** IPv6 with extension headers: a chain of them, the last one before a transport header. */
export function extended(r: Random, s: Story): void {
  const last = r.pick([
    { next: 17, body: `${u16(s.sport)}${u16(s.dport)}\0\x0c\0\0data` },
    { next: 6, body: `${u16(s.sport)}${u16(s.dport)}${u32(1000)}${u32(0)}\x50\x02\xfa\xf0\0\0\0\0` },
    { next: 59, body: r.pick(['', 'rest']) },
    { next: 253, body: 'unknown.' },
    { next: 58, body: '\x80\0\0\0\0\x05\0\x01' },
  ]);
  let { body, next } = last;
  const kinds = r.pick([[60], [0], [43], [0, 60], [60, 43], [43, 60], [0, 43, 60], [60, 0], [60, 60], [44]]);
  if (next === 17 || next === 6 || next === 58) body = withSum(body, next, s.src, s.dst);
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
  s.there({ protocol: next, payload: body });
  if (r.chance(30)) s.there({ protocol: next, payload: body });
}
