import { u16, u32 } from './bytes';
import { IPPROTO, type Packet } from './packet';

export interface GreHeader {
  readonly flags: number;
  /** 0 (RFC 2784) or 1 (PPTP, RFC 2637). */
  readonly version: number;
  /** EtherType of what is inside. */
  readonly protocol: number;
  /** RFC 2890 key of version 0, or null. */
  readonly key: number | null;
  /** Call id of version 1, or null. */
  readonly callId: number | null;
  /** Length of the header with its optional fields. */
  readonly length: number;
}

/** The GRE header, or null if the packet has none, or not its first four bytes. */
export function greHeader(packet: Packet): GreHeader | null {
  const { bytes, l4Offset: at } = packet;
  if (packet.protocol !== IPPROTO.gre || (packet.fragment?.offset ?? 0) > 0 || at + 4 > bytes.length) return null;
  const flags = u16(bytes, at);
  const version = flags & 7;
  const field = (bit: number) => ((flags & bit) !== 0 ? 4 : 0);
  const keyAt = at + 4 + field(0x8000);
  const hasKey = (flags & 0x2000) !== 0 && keyAt + 4 <= bytes.length;
  return {
    flags,
    version,
    protocol: u16(bytes, at + 2),
    key: hasKey && version === 0 ? u32(bytes, keyAt) : null,
    callId: version === 1 && at + 8 <= bytes.length ? u16(bytes, at + 6) : null,
    length: 4 + field(0x8000) + field(0x2000) + field(0x1000) + (version === 1 ? field(0x0080) : 0),
  };
}
