import { familyOf } from './address';
import { emitIcmp, icmpProtocol } from './icmp';
import { emitIpv4 } from './ipv4';
import { emitIpv6 } from './ipv6';
import { type Addr, IPPROTO, type Packet } from './packet';
import { parsePacket } from './parse';
import { emitTcp, emitTcpOptions, type TcpOptions } from './tcp';
import { fillChecksum } from './transport';
import { emitUdp } from './udp';

/** What every packet that a stack makes has. The family is that of the addresses. */
export interface MakeIp {
  readonly src: Addr;
  readonly dst: Addr;
  /** Default 64. */
  readonly ttl?: number | undefined;
  /** Default 0. */
  readonly tos?: number | undefined;
  /** IPv4 only. Default: true for TCP and UDP, else false. */
  readonly df?: boolean | undefined;
  /** IPv4 identification. Default 0. */
  readonly id?: number | undefined;
}

const NOTHING = new Uint8Array(0);

/** The bytes of a packet with this payload and, if the protocol has one that is known, a right transport checksum. */
export function ipBytes(ip: MakeIp, protocol: number, body: Uint8Array, df = false): Uint8Array {
  const { src, dst, ttl = 64, tos = 0, id = 0 } = ip;
  const six = familyOf(src) === 6;
  const bytes = six
    ? emitIpv6({ src, dst, nextHeader: protocol, hopLimit: ttl, tos }, body)
    : emitIpv4({ src, dst, protocol, ttl, tos, id, df: ip.df ?? df }, body);
  return bytes;
}

/** Any IP packet: a tunnel's outer header, an unknown protocol. The payload is not looked at. */
export function makeIp(ip: MakeIp & { readonly protocol: number; readonly payload: Uint8Array }): Packet {
  return parsePacket(ipBytes(ip, ip.protocol, ip.payload));
}

function finish(ip: MakeIp, protocol: number, body: Uint8Array, df: boolean): Packet {
  const bytes = ipBytes(ip, protocol, body, df);
  fillChecksum(bytes, bytes.length - body.length, protocol);
  return parsePacket(bytes);
}

export interface MakeTcp extends MakeIp {
  readonly sport: number;
  readonly dport: number;
  /** The flag byte. */
  readonly flags: number;
  readonly seq?: number | undefined;
  readonly ack?: number | undefined;
  /** Default 64240. */
  readonly window?: number | undefined;
  readonly options?: TcpOptions | undefined;
  /** Options as bytes, a multiple of 4, in place of `options`. */
  readonly optionBytes?: Uint8Array | undefined;
  readonly payload?: Uint8Array | undefined;
}

export function makeTcp(tcp: MakeTcp): Packet {
  const { sport, dport, flags, seq = 0, ack = 0, window = 64240 } = tcp;
  const options = tcp.optionBytes ?? emitTcpOptions(tcp.options ?? {});
  const body = emitTcp({ sport, dport, flags, seq, ack, window }, options, tcp.payload ?? NOTHING);
  return finish(tcp, IPPROTO.tcp, body, true);
}

export interface MakeUdp extends MakeIp {
  readonly sport: number;
  readonly dport: number;
  readonly payload?: Uint8Array | undefined;
}

export function makeUdp(udp: MakeUdp): Packet {
  return finish(udp, IPPROTO.udp, emitUdp(udp.sport, udp.dport, udp.payload ?? NOTHING), true);
}

export interface MakeIcmp extends MakeIp {
  readonly type: number;
  readonly code?: number | undefined;
  readonly id?: number | undefined;
  readonly seq?: number | undefined;
  /** IPv4 identification; `id` is the message's. */
  readonly ipId?: number | undefined;
  readonly payload?: Uint8Array | undefined;
}

/** An ICMP or ICMPv6 message (by the family of the addresses) that is no error. */
export function makeIcmp(icmp: MakeIcmp): Packet {
  const rest = (icmp.id ?? 0) * 0x1_0000 + (icmp.seq ?? 0);
  const body = emitIcmp(icmp.type, icmp.code ?? 0, rest, icmp.payload ?? NOTHING);
  return finish({ ...icmp, id: icmp.ipId }, icmpProtocol(familyOf(icmp.src)), body, false);
}

export interface MakeIcmpError extends MakeIp {
  readonly type: number;
  readonly code: number;
  /** Bytes 4 to 7 as one number: the MTU (both families), the gateway, the pointer (ICMP: shifted by 24). Default 0. */
  readonly rest?: number | undefined;
  /** What is quoted, from its IP header on. */
  readonly quoted: Uint8Array;
}

/** An ICMP or ICMPv6 error (by the family of the addresses). */
export function makeIcmpError(error: MakeIcmpError): Packet {
  const body = emitIcmp(error.type, error.code, error.rest ?? 0, error.quoted);
  return finish(error, icmpProtocol(familyOf(error.src)), body, false);
}
