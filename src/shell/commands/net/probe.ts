import { innerPacket, type Packet, ports, u32 } from '../../../wire';
import type { Heard } from '../../net';
import { type IcmpErrno, icmpErrno } from './errno';

/** What a command sent, as an ICMP error quotes it when NAT on the way has been undone. */
export interface Probe {
  readonly dst: string;
  readonly protocol: number;
  /** Of TCP and UDP. */
  readonly sport?: number;
  readonly dport?: number;
  /** Of an echo request. */
  readonly id?: number;
  readonly seq?: number;
}

/** An ICMP error that was heard. */
export interface IcmpError {
  readonly from: string;
  readonly family: 4 | 6;
  readonly type: number;
  readonly code: number;
  /** The MTU that it tells, or 0. */
  readonly mtu: number;
  readonly ttl: number;
}

/** The first ICMP error about a probe. */
export function errorAbout(heard: readonly Heard[], probe: Probe): IcmpError | null {
  for (const { packet } of heard) {
    const inner = innerPacket(packet);
    if (inner && quotes(inner, probe)) return errorOf(packet);
  }
  return null;
}

/** Is the packet that an error quotes this probe? Kernel: raw_icmp_error(), __udp4_lib_err(), tcp_v4_err() look so for a socket. */
function quotes(inner: Packet, probe: Probe): boolean {
  if (inner.dst !== probe.dst || inner.protocol !== probe.protocol) return false;
  if (probe.id !== undefined) {
    const echo = inner.icmp ?? inner.icmpv6;
    return echo?.id === probe.id && (probe.seq === undefined || echo.seq === probe.seq);
  }
  const pair = ports(inner);
  return pair !== null && pair.sport === probe.sport && pair.dport === probe.dport;
}

function errorOf(packet: Packet): IcmpError {
  const { family, src: from, ttl } = packet;
  const { type, code, seq } = (packet.icmp ?? packet.icmpv6)!;
  let mtu = 0;
  if (family === 4 && type === 3 && code === 4) mtu = seq;
  else if (family === 6 && type === 2) mtu = u32(packet.bytes, packet.l4Offset + 4);
  return { from, family, type, code, mtu, ttl };
}

/** What a socket is told by it. */
export function socketErrorOf(error: IcmpError | null): IcmpErrno | null {
  return error && icmpErrno(error.family, error.type, error.code);
}

/** The answer of a UDP service. */
export function datagramFrom(heard: readonly Heard[], from: string, sport: number, dport: number): Packet | null {
  const found = heard.find(({ packet: p }) => p.src === from && p.udp?.sport === sport && p.udp.dport === dport);
  return found?.packet ?? null;
}

/** The first TCP segment from there to here. */
export function segmentFrom(heard: readonly Heard[], from: string, sport: number, dport: number): Packet | null {
  const found = heard.find(({ packet: p }) => p.src === from && p.tcp?.sport === sport && p.tcp.dport === dport);
  return found?.packet ?? null;
}

/** The echo reply to a request. */
export function echoReply(heard: readonly Heard[], id: number, seq: number): Packet | null {
  const found = heard.find(({ packet: p }) => {
    const echo = p.icmp?.type === 0 ? p.icmp : p.icmpv6?.type === 129 ? p.icmpv6 : null;
    return echo !== null && echo.id === id && echo.seq === seq;
  });
  return found?.packet ?? null;
}
