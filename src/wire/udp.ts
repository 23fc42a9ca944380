import { putU16, u16 } from './bytes';
import type { UdpHeader } from './packet';

/** Reads a UDP header (RFC 768), or null if its 8 bytes are not all there. */
export function readUdp(bytes: Uint8Array, at: number): UdpHeader | null {
  if (at + 8 > bytes.length) return null;
  return Object.freeze({ sport: u16(bytes, at), dport: u16(bytes, at + 2), length: u16(bytes, at + 4) });
}

/** A datagram whose checksum is 0. */
export function emitUdp(sport: number, dport: number, payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(8 + payload.length);
  putU16(out, 0, sport);
  putU16(out, 2, dport);
  putU16(out, 4, out.length);
  out.set(payload, 8);
  return out;
}
