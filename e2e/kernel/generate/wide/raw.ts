/** Packets as strings, one character a byte: what a `payload` of a lab holds. */

export const bytes = (...numbers: readonly number[]) => String.fromCharCode(...numbers.map((n) => n & 255));
export const u16 = (n: number) => bytes(n >> 8, n);
export const u32 = (n: number) => bytes(n >>> 24, n >>> 16, n >>> 8, n);

/** The checksum of SCTP. RFC 9260 appendix A */
export function crc32c(data: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < data.length; i++) {
    crc ^= data.charCodeAt(i);
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** TCP, UDP or ICMPv6 with its checksum, as it goes over IPv6. RFC 8200 section 8.1 */
export function withSum(data: string, protocol: number, src: string, dst: string): string {
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
