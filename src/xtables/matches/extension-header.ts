import { extensionLength, IPPROTO, isExtensionHeader, type Packet, u16 } from '../../wire';
import type { XtAction } from '../record';

interface Found {
  readonly offset: number;
  readonly length: number;
}

/**
 * The first IPv6 extension header of this kind, or null if there is none. If it, or one on the way to it, is cut off the
 * packet is dropped.
 *
 * Kernel: ipv6_find_hdr(), net/ipv6/exthdrs_core.c, as ah_mt6(), frag_mt6(), hbh_mt6() and rt_mt6() take it
 */
export function extensionHeader(action: XtAction, target: number): Found | null {
  const found = findExtension(action.skb.packet, target);
  if (found !== 'cut-off') return found;
  action.hotdrop = true;
  return null;
}

/** Bytes of a header without which nothing is looked at, where that is more than the two that tell its length. */
const NEEDED: ReadonlyMap<number, number> = new Map([
  [IPPROTO.routing, 4],
  [IPPROTO.fragment, 4],
]);

function findExtension({ bytes }: Packet, target: number): Found | null | 'cut-off' {
  let protocol = bytes[6]!;
  for (let at = 40; isExtensionHeader(protocol); ) {
    if (at + (NEEDED.get(protocol) ?? 2) > bytes.length) return 'cut-off';
    const length = extensionLength(bytes, at, protocol);
    if (protocol === target) return at + length > bytes.length ? 'cut-off' : { offset: at, length };
    if (protocol === IPPROTO.fragment && u16(bytes, at + 2) >= 8) return null;
    protocol = bytes[at]!;
    at += length;
  }
  return null;
}
