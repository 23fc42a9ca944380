import type { Random } from '../random';
import { bytes, crc32c, u16, u32 } from './raw';
import type { Story } from './story';

const A = 0x1111;
const B = 0x2222;
const INIT_A = init(A);
const DATA = `${u32(1)}${u16(0)}${u16(0)}${u32(0)}`;

function init(tag: number): string {
  return chunk(tag === A ? 1 : 2, `${u32(tag)}${u32(65535)}${u16(10)}${u16(10)}${u32(1)}`);
}

/** RFC 9260 section 3.2; what it is padded with does not count. */
function chunk(type: number, body = '', flags = 0): string {
  return `${bytes(type, flags)}${u16(4 + body.length)}${body}${'\0'.repeat((4 - (body.length % 4)) % 4)}`;
}

/** An association of tags A and B, and chunks that belong to none. Now and then the checksum is wrong. */
export function sctp(r: Random, s: Story): void {
  const packet = (sport: number, dport: number, tag: number, chunks: string) => {
    const head = `${u16(sport)}${u16(dport)}${u32(tag)}`;
    const sum = r.chance(4) ? 7 : crc32c(`${head}\0\0\0\0${chunks}`);
    return { protocol: 132, payload: `${head}${bytes(sum, sum >>> 8, sum >>> 16, sum >>> 24)}${chunks}` };
  };
  const there = (tag: number, chunks: string) => s.there(packet(s.sport, s.dport, tag, chunks));
  const back = (tag: number, chunks: string) => s.back(packet(s.dport, s.sport, tag, chunks));
  if (r.chance(70)) {
    there(0, INIT_A);
    if (r.chance(80)) back(A, init(B));
    if (r.chance(80)) there(B, chunk(10, 'cook'));
    if (r.chance(70)) back(A, chunk(11));
  }
  const tail = [
    () => there(B, chunk(0, `${DATA}hello`, 3)),
    () => back(A, chunk(3, `${u32(1)}${u32(1000)}${u32(0)}`)),
    () => there(B, chunk(7, u32(1))),
    () => back(A, chunk(8)),
    () => there(B, chunk(14)),
    () => there(B, chunk(4, 'hb..')),
    () => back(A, chunk(5, 'hb..')),
    () => there(B, chunk(6)),
    () => back(A, chunk(6, '', 1)),
    () => there(0, INIT_A),
    () => there(99, chunk(0, 'wrong tag here..')),
    () => there(B, chunk(10, 'cook') + chunk(0, `${DATA}data`, 3)),
    () => there(B, ''),
    () => there(B, bytes(0, 0, 0, 2)),
  ];
  for (let i = r.int(5); i > 0; i--) r.pick(tail)();
}
