import { putU32, u16 } from './bytes';
import { type Family, type IcmpHeader, IPPROTO } from './packet';

/** ICMP types (RFC 792) that the kernel knows by name. */
export const ICMP = {
  echoReply: 0,
  destUnreach: 3,
  sourceQuench: 4,
  redirect: 5,
  echo: 8,
  timeExceeded: 11,
  parameterProb: 12,
  timestamp: 13,
  timestampReply: 14,
  infoRequest: 15,
  infoReply: 16,
  address: 17,
  addressReply: 18,
} as const;

/** Codes of errors, by what they say. Kernel: ICMP_NET_UNREACH and its like, include/uapi/linux/icmp.h */
export const ICMP_CODE = {
  netUnreach: 0,
  hostUnreach: 1,
  protUnreach: 2,
  portUnreach: 3,
  fragNeeded: 4,
  pktFiltered: 13,
  redirHost: 1,
  excTtl: 0,
  excFragTime: 1,
} as const;

/** ICMPv6 types (RFC 4443, 4861). */
export const ICMPV6 = {
  destUnreach: 1,
  pktTooBig: 2,
  timeExceed: 3,
  paramProb: 4,
  echoRequest: 128,
  echoReply: 129,
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighbourSolicitation: 135,
  neighbourAdvertisement: 136,
  redirect: 137,
} as const;

/** Kernel: ICMPV6_NOROUTE and its like, include/uapi/linux/icmpv6.h */
export const ICMPV6_CODE = {
  noRoute: 0,
  admProhibited: 1,
  notNeighbour: 2,
  addrUnreach: 3,
  portUnreach: 4,
  excHopLimit: 0,
  excFragTime: 1,
  hdrField: 0,
  unkNexthdr: 1,
  unkOption: 2,
  hdrIncomp: 3,
} as const;

/** Reads the first 8 bytes of an ICMP or ICMPv6 message, or null if they are not all there. */
export function readIcmp(bytes: Uint8Array, at: number): IcmpHeader | null {
  if (at + 8 > bytes.length) return null;
  return Object.freeze({
    type: bytes[at]!,
    code: bytes[at + 1]!,
    id: u16(bytes, at + 4),
    seq: u16(bytes, at + 6),
  });
}

/** Whether a message of this type quotes a packet (RFC 792: 3 4 5 11 12; RFC 4443: 1 2 3 4). */
export function isIcmpError(family: Family, type: number): boolean {
  if (family === 6) return type >= 1 && type <= 4;
  return type === 3 || type === 4 || type === 5 || type === 11 || type === 12;
}

/** Whether an ICMPv6 type is of MLD (130 to 132, 143) or neighbour discovery (133 to 137). */
export function isDiscovery(type: number): boolean {
  return (type >= 130 && type <= ICMPV6.redirect) || type === 143;
}

/** A message whose checksum is 0. `rest`: bytes 4 to 7 as one number. */
export function emitIcmp(type: number, code: number, rest: number, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(8 + data.length);
  out[0] = type;
  out[1] = code;
  putU32(out, 4, rest);
  out.set(data, 8);
  return out;
}

export function icmpProtocol(family: Family): number {
  return family === 4 ? IPPROTO.icmp : IPPROTO.icmpv6;
}
