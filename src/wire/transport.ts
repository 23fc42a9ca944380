import { putU16, u16 } from './bytes';
import { foldSum, internetChecksum, pseudoHeaderSum, replaceSum, sumWords } from './checksum';
import { crc32c } from './crc32c';
import { IPPROTO, type Packet } from './packet';

interface ChecksumField {
  /** Distance of the checksum from the transport header. */
  readonly at: number;
  /** Bytes of the header that must be there for the checksum to be adjusted. */
  readonly needs: number;
  /** Whether a pseudo header is part of the sum. */
  readonly pseudo: boolean;
  /** Whether a sum of 0 is written as 0xffff. */
  readonly mangled0: boolean;
}

const FIELDS: ReadonlyMap<number, ChecksumField> = new Map([
  [IPPROTO.icmp, { at: 2, needs: 8, pseudo: false, mangled0: false }],
  [IPPROTO.tcp, { at: 16, needs: 20, pseudo: true, mangled0: false }],
  [IPPROTO.udp, { at: 6, needs: 8, pseudo: true, mangled0: true }],
  [IPPROTO.dccp, { at: 6, needs: 12, pseudo: true, mangled0: false }],
  [IPPROTO.icmpv6, { at: 2, needs: 8, pseudo: true, mangled0: false }],
  [IPPROTO.udplite, { at: 6, needs: 8, pseudo: true, mangled0: true }],
]);

/**
 * Adjusts the transport checksum in `bytes`, a copy of the packet's that is being edited, for words that changed.
 * Nothing happens if there is no such checksum: another protocol, a later fragment, a header cut short, UDP without.
 *
 * Kernel: inet_proto_csum_replace4(), net/core/utils.c; the protocols' parts of net/netfilter/nf_nat_proto.c
 *
 * @param inPseudo the words are of the pseudo header
 */
export function adjustTransport(
  bytes: Uint8Array,
  packet: Packet,
  removed: number,
  added: number,
  inPseudo = false,
): void {
  const field = FIELDS.get(packet.protocol);
  if (field === undefined || (inPseudo && !field.pseudo)) return;
  if ((packet.fragment?.offset ?? 0) > 0 || packet.l4Offset + field.needs > bytes.length) return;
  const at = packet.l4Offset + field.at;
  const old = u16(bytes, at);
  if (old === 0 && packet.protocol === IPPROTO.udp) return;
  const sum = replaceSum(old, removed, added);
  putU16(bytes, at, sum === 0 && field.mangled0 ? 0xffff : sum);
}

/** Writes the SCTP checksum anew, if its header is whole. Kernel: sctp_compute_cksum() */
export function refreshSctp(bytes: Uint8Array, packet: Packet): void {
  if (packet.protocol !== IPPROTO.sctp || (packet.fragment?.offset ?? 0) > 0) return;
  if (packet.l4Offset + 12 <= bytes.length) fillChecksum(bytes, packet.l4Offset, IPPROTO.sctp);
}

/** Writes the transport checksum of a whole packet anew. The transport header begins at `at`. */
export function fillChecksum(bytes: Uint8Array, at: number, protocol: number): void {
  if (protocol === IPPROTO.sctp) {
    const crc = crc32c(bytes, at, bytes.length, at + 8);
    for (let i = 0; i < 4; i++) bytes[at + 8 + i] = (crc >>> (8 * i)) & 0xff;
    return;
  }
  const field = FIELDS.get(protocol);
  if (field === undefined) return;
  putU16(bytes, at + field.at, 0);
  const length = bytes.length - at;
  const pseudo = field.pseudo ? pseudoHeaderSum(bytes, protocol, length) : 0;
  const sum = internetChecksum(bytes, at, at + coverage(bytes, at, protocol), pseudo);
  putU16(bytes, at + field.at, sum === 0 && field.mangled0 ? 0xffff : sum);
}

/**
 * Whether the transport checksum is right, as conntrack judges a packet that came in: TCP, UDP, UDPLite, DCCP, SCTP,
 * ICMP, ICMPv6. UDP without a checksum is right in both families (only a socket refuses it over IPv6). True for what
 * has none or cannot be judged: fragments, headers cut short, other protocols.
 *
 * Kernel: nf_checksum(), net/netfilter/utils.c, as called by udp_error(), sctp_error() and their like
 *
 * @param inPseudo the protocol that stands in the pseudo header
 */
export function checksumOk(packet: Packet, inPseudo = packet.protocol): boolean {
  const { bytes, l4Offset: at, protocol } = packet;
  // One that is the first and the last is whole (RFC 6946).
  if (packet.fragment !== null && (packet.fragment.offset > 0 || packet.fragment.more)) return true;
  if (protocol === IPPROTO.sctp) {
    if (at + 12 > bytes.length) return true;
    const crc = crc32c(bytes, at, bytes.length, at + 8);
    for (let i = 0; i < 4; i++) if (bytes[at + 8 + i] !== ((crc >>> (8 * i)) & 0xff)) return false;
    return true;
  }
  const field = FIELDS.get(protocol);
  if (field === undefined || at + field.needs > bytes.length) return true;
  if (protocol === IPPROTO.udp && u16(bytes, at + 6) === 0) return true;
  const pseudo = field.pseudo ? pseudoHeaderSum(bytes, inPseudo, bytes.length - at) : 0;
  return foldSum(pseudo + sumWords(bytes, at, at + coverage(bytes, at, protocol))) === 0xffff;
}

/**
 * Whether an IPv6 packet's checksum is right by a sum over all its bytes that was taken before (`csum`, as internetChecksum()
 * gives it), less the header as it is now: an address that was put there without notice of the checksum stands in both the
 * header and the pseudo header, and changes nothing.
 *
 * Kernel: skb_checksum_validate(), with CHECKSUM_COMPLETE; skb_postpull_rcsum()
 */
export function summedRight({ bytes, l4Offset: at, protocol }: Packet, csum: number): boolean {
  const header = foldSum(sumWords(bytes, 0, at));
  const before = ~csum & 0xffff;
  return foldSum(before + (0xffff - header) + pseudoHeaderSum(bytes, protocol, bytes.length - at)) === 0xffff;
}

/** How many bytes from the transport header on the checksum covers (RFC 3828 section 3.1, RFC 4340 section 9.2). */
function coverage(bytes: Uint8Array, at: number, protocol: number): number {
  const length = bytes.length - at;
  if (protocol === IPPROTO.udplite) {
    const covered = u16(bytes, at + 4);
    return covered === 0 ? length : Math.min(covered, length);
  }
  if (protocol === IPPROTO.dccp) {
    const words = bytes[at + 5]! & 15;
    return words === 0 ? length : Math.min(bytes[at + 4]! * 4 + (words - 1) * 4, length);
  }
  return length;
}
