import { adder, groups, hex, hexBytes, quad, rest, u8, u16, u32 } from './fieldReader';
import { IP_OPTIONS, IP6_OPTIONS, PROTOCOLS, tosNote } from './headerNames';
import { transport } from './transportFields';

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

/** All fields of the headers of a packet, from its IP header on. Of what is cut short, as many as there are. */
export function headerFields(bytes: Uint8Array): readonly HeaderField[] {
  const out: HeaderField[] = [];
  ipFields(bytes, 0, out, '');
  return out.filter((f) => f.at + f.length <= bytes.length);
}

/** `prefix`: 'Inner ' of what a packet carries or an error quotes. */
export function ipFields(b: Uint8Array, at: number, out: HeaderField[], prefix: string): void {
  const version = u8(b, at) >> 4;
  if (version === 4) ip4(b, at, out, prefix);
  else if (version === 6) ip6(b, at, out, prefix);
  else rest(b, at, out, `${prefix}Payload`);
}

function ip4(b: Uint8Array, at: number, out: HeaderField[], prefix: string): void {
  const add = adder(out, `${prefix}IPv4`);
  const header = (u8(b, at) & 15) * 4;
  const flags = u16(b, at + 6);
  const offset = (flags & 0x1fff) * 8;
  const protocol = u8(b, at + 9);
  add('source', at + 12, 4, quad(b, at + 12));
  add('destination', at + 16, 4, quad(b, at + 16));
  add('ttl', at + 8, 1, u8(b, at + 8));
  add('protocol', at + 9, 1, protocol, PROTOCOLS[protocol] ?? '');
  add('tos', at + 1, 1, hex(u8(b, at + 1), 2), tosNote(u8(b, at + 1)));
  add('total length', at + 2, 2, u16(b, at + 2), 'bytes');
  add('id', at + 4, 2, u16(b, at + 4));
  const set = [flags & 0x4000 ? 'DF' : '', flags & 0x2000 ? 'MF' : ''].filter(Boolean);
  const says = [flags & 0x4000 ? 'do not fragment' : '', flags & 0x2000 ? 'more fragments follow' : ''].filter(Boolean);
  add('flags', at + 6, 2, set.join(' ') || 'none', says.join(', '));
  if (offset > 0 || flags & 0x2000) {
    const end = offset + Math.max(0, u16(b, at + 2) - header);
    add('fragment offset', at + 6, 2, offset, `bytes ${offset} to ${Math.max(offset, end - 1)} of the whole`);
  }
  add('header length', at, 1, header, 'bytes');
  add('checksum', at + 10, 2, hex(u16(b, at + 10)));
  if (header > 20) ip4Options(b, at + 20, Math.min(at + header, b.length), out, prefix);
  if (offset === 0) transport(b, at + header, protocol, out, prefix);
  else rest(b, at + header, out, `${prefix}Payload`);
}

function ip4Options(b: Uint8Array, from: number, to: number, out: HeaderField[], prefix: string): void {
  const add = adder(out, `${prefix}IPv4`);
  let padding = 0;
  for (let at = from; at < to; ) {
    const kind = u8(b, at);
    if (kind < 2) {
      padding++;
      at++;
      continue;
    }
    const length = u8(b, at + 1);
    if (length < 2) break;
    const name = IP_OPTIONS[kind] ?? `option ${kind}`;
    const route = kind === 7 || kind === 131 || kind === 137;
    const hops = route ? Math.floor((length - 3) / 4) : 0;
    const value = route
      ? Array.from({ length: hops }, (_, i) => quad(b, at + 3 + 4 * i)).join(' ') || 'empty'
      : hexBytes(b.subarray(at + 2, at + length)) || 'yes';
    const done = Math.max(0, Math.floor((u8(b, at + 2) - 4) / 4));
    add(name, at, length, value, route ? `${done} of ${hops} used` : kind === 148 ? 'every router looks at it' : '');
    at += length;
  }
  if (padding > 0) add('option padding', from, 1, padding, padding === 1 ? 'byte' : 'bytes');
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
  const seen = new Map<string, number>();
  while ([0, 43, 44, 51, 60].includes(next) && here + 8 <= b.length && first) {
    const plain = `${prefix}IPv6 ${PROTOCOLS[next] ?? 'extension'}`;
    const times = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, times);
    const more = adder(out, times === 1 ? plain : `${plain} ${times}`);
    const length = next === 44 ? 8 : next === 51 ? (u8(b, here + 1) + 2) * 4 : (u8(b, here + 1) + 1) * 8;
    more('next header', here, 1, u8(b, here), PROTOCOLS[u8(b, here)] ?? '');
    if (next === 44) {
      const where = u16(b, here + 2);
      const end = (where & 0xfff8) + Math.max(0, at + 40 + u16(b, at + 4) - here - 8);
      const bytes = `bytes ${where & 0xfff8} to ${Math.max(where & 0xfff8, end - 1)} of the whole`;
      more('fragment offset', here + 2, 2, where & 0xfff8, bytes);
      more('more fragments', here + 3, 1, where & 1 ? 'yes' : 'no', where & 1 ? '' : 'the last piece');
      more('id', here + 4, 4, hex(u32(b, here + 4), 8));
      first = (where & 0xfff8) === 0;
    } else if (next === 51) {
      more('spi', here + 4, 4, hex(u32(b, here + 4), 8));
      more('sequence', here + 8, 4, u32(b, here + 8));
    } else if (next === 43) {
      more('routing type', here + 2, 1, u8(b, here + 2));
      more('segments left', here + 3, 1, u8(b, here + 3));
      const hops = Math.floor((length - 8) / 16);
      for (let i = 0; i < hops; i++) more(`address ${i + 1}`, here + 8 + 16 * i, 16, groups(b, here + 8 + 16 * i));
    } else {
      more('length', here + 1, 1, length, 'bytes');
      for (let o = here + 2; o < Math.min(here + length, b.length); ) {
        const kind = u8(b, o);
        const size = kind === 0 ? 1 : u8(b, o + 1) + 2;
        if (kind > 1) {
          const data = b.subarray(o + 2, o + size);
          more(IP6_OPTIONS[kind] ?? `option ${kind}`, o, size, hexBytes(data) || 'yes');
        }
        o += size;
      }
    }
    next = u8(b, here);
    here += length;
  }
  if (first) transport(b, here, next, out, prefix);
  else rest(b, here, out, `${prefix}Payload`);
}
