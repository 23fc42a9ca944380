import { IpError, readAddr } from '../fib';

/**
 * The bytes of a hardware address: numbers between colons, or the four of an address of IPv4. Throws IpError.
 * libiproute: ll_addr_a2n()
 */
export function linkAddressBytes(text: string): readonly number[] {
  const four = text.includes('.') ? readAddr(text, 4) : null;
  if (four !== null) return four.split('.').map(Number);
  return text.split(':').map((part) => {
    const byte = Number.parseInt(part, 16);
    if (text.includes('.') || !(byte >= 0 && byte <= 255)) throw new IpError(`"${part}" is invalid lladdr.`, -1, 1);
    return byte;
  });
}
