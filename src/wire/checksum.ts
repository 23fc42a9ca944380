import { u16 } from './bytes';

/** The sum of the 16-bit words of `bytes` from `from` up to `to`, not folded; an odd last byte is the high one. */
export function sumWords(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let sum = 0;
  let i = from;
  for (; i + 1 < to; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!;
  return i < to ? sum + (bytes[i]! << 8) : sum;
}

/** A sum of any size as 16 bits of one's complement. Kernel: csum_fold() without its inversion. */
export function foldSum(sum: number): number {
  let s = sum;
  while (s > 0xffff_ffff) s = (s % 0x1_0000) + Math.floor(s / 0x1_0000);
  while (s > 0xffff) s = (s & 0xffff) + (s >>> 16);
  return s;
}

/** The Internet checksum (RFC 1071) of a range of bytes, over `initialSum` (a pseudo header, say). */
export function internetChecksum(bytes: Uint8Array, from = 0, to = bytes.length, initialSum = 0): number {
  return ~foldSum(initialSum + sumWords(bytes, from, to)) & 0xffff;
}

/**
 * The sum of the pseudo header (RFC 793 p. 16, RFC 8200 section 8.1) for what follows this IP header.
 *
 * @param packet bytes that begin with the IP header
 * @param length of the transport header and its payload
 */
export function pseudoHeaderSum(packet: Uint8Array, protocol: number, length: number): number {
  const six = packet[0]! >> 4 === 6;
  return (six ? sumWords(packet, 8, 40) : sumWords(packet, 12, 20)) + protocol + length;
}

/**
 * A checksum after words that it covers have changed (RFC 1624, equation 3). A checksum that was wrong stays wrong.
 * The result is never 0xffff.
 *
 * Kernel: csum_replace4(), inet_proto_csum_replace4(), net/core/utils.c
 *
 * @param removed the words that went: one 16-bit or 32-bit number, or a sum of 16-bit words
 * @param added the words that came, likewise
 */
export function replaceSum(checksum: number, removed: number, added: number): number {
  const sum = (~checksum & 0xffff) + (0xffff - foldSum(removed)) + foldSum(added) + 0xffff;
  return ~foldSum(sum) & 0xffff;
}

/** A checksum over all the bytes, for the first ones alone. Kernel: pskb_trim_rcsum_slow() */
export function trimSum(checksum: number, bytes: Uint8Array, length: number): number {
  const odd = length & 1;
  return replaceSum(checksum, sumWords(bytes, length - odd) - (odd ? bytes[length - 1]! << 8 : 0), 0);
}

/** Whether the header checksum of the IPv4 header of this length is right. Kernel: ip_fast_csum() */
export function ipv4HeaderOk(bytes: Uint8Array, headerLength: number): boolean {
  return internetChecksum(bytes, 0, headerLength) === 0;
}

/** The IPv4 header checksum of a header whose checksum field may hold anything. Kernel: ip_send_check() */
export function ipv4HeaderChecksum(bytes: Uint8Array, headerLength: number): number {
  return ~foldSum(sumWords(bytes, 0, headerLength) - u16(bytes, 10)) & 0xffff;
}
