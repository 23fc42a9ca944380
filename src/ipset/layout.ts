import { swap32 } from '../base';
import { macBytes, type Words } from '../wire';
import type { ElemKey, SetFamily, SetTypeName } from './types';

/**
 * How an element lies in the kernel's memory: what is hashed are its 32-bit words on a little-endian machine.
 * Kernel: struct hash_*_elem, net/netfilter/ipset/ip_set_hash_*.c
 */
export function hashWords(type: SetTypeName, family: SetFamily, e: ElemKey): number[] {
  const words: number[] = [];
  const ip = (w: Words) => {
    words.push(swap32(w[0]));
    if (family === 6) words.push(swap32(w[1]), swap32(w[2]), swap32(w[3]));
  };
  const port = (e.port >>> 8) | ((e.port & 0xff) << 8);
  if (type !== 'hash:mac') ip(e.ip);
  switch (type) {
    case 'hash:ip':
      break;
    case 'hash:ip,mark':
      words.push(e.mark);
      break;
    case 'hash:ip,port':
      words.push(port | (e.proto << 16));
      break;
    case 'hash:ip,port,ip':
      ip(e.ip2);
      words.push(port | (e.proto << 16));
      break;
    case 'hash:ip,port,net':
      ip(e.ip2);
      words.push(port | ((e.cidr2 - 1) << 16) | (e.proto << 24));
      break;
    case 'hash:net':
      words.push(e.cidr << 24);
      break;
    case 'hash:net,iface':
      words.push(Number(e.physdev) | (e.cidr << 8) | (1 << 24));
      break;
    case 'hash:net,net':
      ip(e.ip2);
      words.push((e.cidr << 16) | (e.cidr2 << 24));
      break;
    case 'hash:net,port':
      words.push(port | (e.proto << 16) | ((e.cidr - 1) << 24));
      break;
    case 'hash:net,port,net':
      ip(e.ip2);
      words.push(port | (e.cidr << 16) | (e.cidr2 << 24), e.proto << 24);
      break;
    default: {
      const m = macBytes(e.mac);
      words.push(m[0]! | (m[1]! << 8) | (m[2]! << 16) | (m[3]! << 24), m[4]! | (m[5]! << 8));
    }
  }
  return words;
}

/** Bytes of an empty set and of a bare element, IPv4 and IPv6. Seen on Linux 6.18, x86-64; with `*`, worked out. */
const SIZES: Partial<Record<SetTypeName, readonly [number, number, number, number]>> = {
  'hash:ip': [192, 4, 200, 16],
  'hash:ip,mark': [184, 8, 200, 20], // *
  'hash:ip,port': [192, 8, 208, 20],
  'hash:ip,port,ip': [184, 12, 208, 36],
  'hash:ip,port,net': [440, 12, 1232, 36],
  'hash:mac': [184, 8, 184, 8], // *
  'hash:ip,mac': [184, 12, 200, 24], // *
  'hash:net': [432, 8, 1216, 20],
  'hash:net,port': [432, 8, 1216, 20],
  'hash:net,iface': [464, 28, 1240, 40],
  'hash:net,net': [592, 12, 1776, 36], // *
  'hash:net,port,net': [592, 16, 1776, 40], // *
  'bitmap:ip': [88, 0, 0, 0],
  'bitmap:port': [72, 0, 0, 0],
  'bitmap:ip,mac': [80, 8, 0, 0],
  'list:set': [80, 48, 0, 0],
};

/** Bytes of the empty set, without what depends on its number of buckets. */
export function emptySize(type: SetTypeName, family: SetFamily): number {
  return SIZES[type]![family === 6 ? 2 : 0];
}

/** Bytes of one element with its extensions. Kernel: ip_set_elem_len() */
export function elementSize(
  type: SetTypeName,
  family: SetFamily,
  has: { readonly counters: boolean; readonly timeout: boolean; readonly skbinfo: boolean; readonly comment: boolean },
): number {
  let length = SIZES[type]![family === 6 ? 3 : 1];
  let align = type.startsWith('hash:') ? 4 : 8;
  const add = (present: boolean, size: number, alignment: number) => {
    if (!present) return;
    align = Math.max(align, alignment);
    length = roundUp(length, alignment) + size;
  };
  add(has.counters, 16, 8);
  add(has.timeout, 8, 8);
  add(has.skbinfo, 16, 4);
  add(has.comment, 8, 8);
  return roundUp(length, align);
}

function roundUp(n: number, to: number): number {
  return Math.ceil(n / to) * to;
}
