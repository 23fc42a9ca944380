import { type Packet, tcpTimestampAt, u32 } from '../../wire';

/** What a SYN says with its options, as far as a SYN proxy hands it on. Kernel: struct synproxy_options */
export interface SynproxyOptions {
  readonly mss: number | null;
  readonly wscale: number | null;
  readonly sackPermitted: boolean;
  readonly timestamps: { readonly value: number; readonly echo: number } | null;
  readonly ecn: boolean;
}

const MAX_WSCALE = 14;

/** Null if the header claims options that the packet does not have. Kernel: synproxy_parse_options() */
export function parseOptions(packet: Packet): SynproxyOptions | null {
  const tcp = packet.tcp!;
  if (packet.l4Offset + tcp.headerLength > packet.bytes.length) return null;
  const at = tcpTimestampAt(packet);
  return {
    mss: tcp.mss,
    wscale: tcp.wscale === null ? null : Math.min(tcp.wscale, MAX_WSCALE),
    sackPermitted: tcp.sackPermitted,
    timestamps: at === null ? null : { value: u32(packet.bytes, at + 2), echo: u32(packet.bytes, at + 6) },
    ecn: false,
  };
}

/** Of the six lowest bits of the timestamp: no window scale; SACK; ECN. */
const NO_WSCALE = 15;
const SACK_BIT = 16;
const ECN_BIT = 32;
const ALL_BITS = 63;

/**
 * The timestamp that carries what the client asked for through its ACK, at a number of milliseconds. Kernel:
 * synproxy_init_timestamp_cookie(), net/ipv4/syncookies.c
 */
export function timestampCookie(client: SynproxyOptions, milliseconds: number): number {
  const { wscale, sackPermitted, ecn } = client;
  const bits = (wscale ?? NO_WSCALE) | (sackPermitted ? SACK_BIT : 0) | (ecn ? ECN_BIT : 0);
  return ((milliseconds & ~ALL_BITS) | bits) >>> 0;
}

/** What comes back in the timestamp of the ACK. Kernel: synproxy_check_timestamp_cookie() */
export function fromTimestampCookie(ack: SynproxyOptions): SynproxyOptions {
  if (ack.timestamps === null) return ack;
  const { echo } = ack.timestamps;
  const wscale = echo & NO_WSCALE;
  return {
    ...ack,
    wscale: wscale === NO_WSCALE ? ack.wscale : wscale,
    sackPermitted: ack.sackPermitted || (echo & SACK_BIT) !== 0,
    ecn: (echo & ECN_BIT) !== 0,
  };
}
