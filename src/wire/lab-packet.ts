import { addrBytes, familyOf } from './address';
import { concat, putU16, u16 } from './bytes';
import { emitIcmp } from './icmp';
import { emitIpv4 } from './ipv4';
import { emitIpv6, fragmentHeader } from './ipv6';
import { ipBytes } from './make';
import { type Addr, IPPROTO, type Packet } from './packet';
import { parsePacket } from './parse';
import { type LabPayload, payloadBytes } from './payload';
import { emitTcp, emitTcpOptions, flagsFromText } from './tcp';
import { fillChecksum } from './transport';
import { emitUdp } from './udp';

export interface LabTcp {
  readonly sport: number;
  readonly dport: number;
  /** Letters of FSRPAUEC. */
  readonly flags?: string | undefined;
  readonly seq?: number | undefined;
  readonly ack?: number | undefined;
  readonly window?: number | undefined;
  readonly payload?: LabPayload | undefined;
  readonly mss?: number | undefined;
  readonly sackPermitted?: boolean | undefined;
  readonly wscale?: number | undefined;
  readonly timestamps?: { readonly value: number; readonly echo: number } | undefined;
}

export interface LabUdp {
  readonly sport: number;
  readonly dport: number;
  readonly payload?: LabPayload | undefined;
}

export interface LabIcmp {
  readonly type: number;
  readonly code?: number | undefined;
  readonly id?: number | undefined;
  readonly seq?: number | undefined;
  readonly payload?: LabPayload | undefined;
  readonly mtu?: number | undefined;
  readonly gateway?: Addr | undefined;
  /** The packet that an error is about. */
  readonly inner?: LabPacket | undefined;
}

/** A packet as a lab has it. Exactly one of `tcp`, `udp`, `icmp`, `icmpv6`, `protocol`. */
export interface LabPacket {
  readonly src: Addr;
  readonly dst: Addr;
  readonly ttl?: number | undefined;
  readonly tos?: number | undefined;
  readonly id?: number | undefined;
  readonly df?: boolean | undefined;
  readonly tcp?: LabTcp | undefined;
  readonly udp?: LabUdp | undefined;
  readonly icmp?: LabIcmp | undefined;
  readonly icmpv6?: LabIcmp | undefined;
  readonly protocol?: number | undefined;
  readonly payload?: LabPayload | undefined;
  readonly fragment?: { readonly offset: number; readonly length?: number | undefined } | undefined;
  readonly badChecksum?: boolean | undefined;
}

/** The packet that a lab describes. An absent `seq` or `ack` counts as 0: the conversation is the caller's. */
export function buildPacket(lab: LabPacket): Packet {
  return parsePacket(buildBytes(lab));
}

function buildBytes(lab: LabPacket): Uint8Array {
  const protocol = labProtocol(lab);
  const whole = wholeBody(lab, protocol);
  const { src, dst, ttl = 64, tos = 0, fragment } = lab;
  const six = familyOf(src) === 6;
  const offset = fragment?.offset ?? 0;
  const end = fragment === undefined ? whole.length : offset + (fragment.length ?? whole.length - offset);
  const more = end < whole.length;
  const body = fragment === undefined ? whole : whole.subarray(offset, end);
  if (six && fragment !== undefined) {
    const header = fragmentHeader(protocol, offset, more, lab.id ?? 1);
    return emitIpv6({ src, dst, nextHeader: IPPROTO.fragment, hopLimit: ttl, tos }, concat(header, body));
  }
  if (six) return emitIpv6({ src, dst, nextHeader: protocol, hopLimit: ttl, tos }, body);
  return emitIpv4(
    {
      src,
      dst,
      protocol,
      ttl,
      tos,
      id: lab.id ?? (fragment === undefined ? 0 : 1),
      df: lab.df ?? fragment === undefined,
      fragmentOffset: offset,
      moreFragments: more,
    },
    body,
  );
}

/** The transport protocol that a lab's packet has. */
export function labProtocol(lab: LabPacket): number {
  if (lab.icmp !== undefined) return IPPROTO.icmp;
  if (lab.tcp !== undefined) return IPPROTO.tcp;
  if (lab.udp !== undefined) return IPPROTO.udp;
  if (lab.icmpv6 !== undefined) return IPPROTO.icmpv6;
  return lab.protocol ?? 0;
}

/** All that follows the IP header before it is cut into fragments, the checksum filled in. */
function wholeBody(lab: LabPacket, protocol: number): Uint8Array {
  const known = transportBody(lab);
  if (known === null) return payloadBytes(lab.payload);
  const bytes = ipBytes(lab, protocol, known);
  const at = bytes.length - known.length;
  fillChecksum(bytes, at, protocol);
  const body = bytes.slice(at);
  const check = lab.tcp !== undefined ? 16 : lab.udp !== undefined ? 6 : 2;
  if (lab.badChecksum) putU16(body, check, u16(body, check) ^ 0x5555);
  return body;
}

function transportBody(lab: LabPacket): Uint8Array | null {
  const { tcp, udp } = lab;
  if (tcp !== undefined) {
    const { sport, dport, seq = 0, ack = 0, window = 64240 } = tcp;
    const flags = flagsFromText(tcp.flags ?? '') ?? 0;
    return emitTcp({ sport, dport, flags, seq, ack, window }, emitTcpOptions(tcp), payloadBytes(tcp.payload));
  }
  if (udp !== undefined) return emitUdp(udp.sport, udp.dport, payloadBytes(udp.payload));
  const icmp = lab.icmp ?? lab.icmpv6;
  return icmp === undefined ? null : icmpBody(icmp);
}

function icmpBody(icmp: LabIcmp): Uint8Array {
  const code = icmp.code ?? 0;
  if (icmp.inner === undefined) {
    const rest = (icmp.id ?? 0) * 0x1_0000 + (icmp.seq ?? 0);
    return emitIcmp(icmp.type, code, rest, payloadBytes(icmp.payload));
  }
  const body = emitIcmp(icmp.type, code, icmp.mtu ?? 0, buildBytes(icmp.inner));
  if (icmp.gateway === undefined) return body;
  return concat(body.subarray(0, 4), addrBytes(icmp.gateway), body.subarray(8));
}
