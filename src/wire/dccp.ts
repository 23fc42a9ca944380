import { u16 } from './bytes';
import { IPPROTO, type Packet } from './packet';

export interface DccpHeader {
  readonly sport: number;
  readonly dport: number;
  /** Data offset in bytes. */
  readonly headerLength: number;
  /** Packet type: 0 REQUEST, 1 RESPONSE, 2 DATA, 3 ACK, 4 DATAACK, 5 CLOSEREQ, 6 CLOSE, 7 RESET, 8 SYNC, 9 SYNCACK. */
  readonly type: number;
  /** Checksum coverage, as in the header. */
  readonly coverage: number;
}

/** The generic header (RFC 4340 section 5.1), or null if the packet has none, or not its first 12 bytes. */
export function dccpHeader(packet: Packet): DccpHeader | null {
  const { bytes, l4Offset: at } = packet;
  if (packet.protocol !== IPPROTO.dccp || (packet.fragment?.offset ?? 0) > 0 || at + 12 > bytes.length) return null;
  return {
    sport: u16(bytes, at),
    dport: u16(bytes, at + 2),
    headerLength: bytes[at + 4]! * 4,
    type: (bytes[at + 8]! >> 1) & 15,
    coverage: bytes[at + 5]! & 15,
  };
}
