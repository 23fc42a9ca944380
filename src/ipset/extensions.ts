import { HZ, JIFFY, type SimTime } from '../base';
import type { Elem, ElemAttrs, Ext, ExtRequest, Ghost, IpSet, SetError, Slot } from './types';

/** The clock in ticks, as the kernel counts timeouts. Kernel: jiffies */
export function jiffies(now: SimTime): number {
  // One is added, for a tick of 0 means "never".
  return Math.floor(now / JIFFY) + 1;
}

/** The moment at which what expires after `tick` is gone. */
export function timeOf(tick: number): SimTime {
  return tick * JIFFY;
}

/** Kernel: ip_set_timeout_expired() */
export function expired(ext: Ext, tick: number): boolean {
  return ext.expires !== 0 && tick > ext.expires;
}

/**
 * Seconds that are left, as `ipset` prints them; 0: for ever. A command never comes in the same tick as what it looks
 * at, so just after `timeout 10` it says 9. Kernel: ip_set_timeout_get()
 */
export function secondsLeft(ext: Ext, tick: number): number {
  if (ext.expires === 0) return 0;
  return Math.max(1, Math.floor((ext.expires - tick - 1) / HZ));
}

export const NO_EXT: Ext = Object.freeze({
  expires: 0,
  packets: 0n,
  bytes: 0n,
  comment: '',
  skbmark: 0,
  skbmarkmask: 0,
  skbprio: 0,
  skbqueue: 0,
});

/** What a command asks of the extensions of a set, or why it may not. Kernel: ip_set_get_extensions() */
export function userRequest(set: IpSet, attrs: ElemAttrs): ExtRequest | SetError {
  if (attrs.timeout !== undefined && set.timeout === null) return 'TIMEOUT';
  if ((attrs.packets !== undefined || attrs.bytes !== undefined) && !set.counters) return 'COUNTER';
  if (attrs.comment !== undefined && !set.comment) return 'COMMENT';
  const skb = attrs.skbmark !== undefined || attrs.skbprio !== undefined || attrs.skbqueue !== undefined;
  if (skb && !set.skbinfo) return 'SKBINFO';
  return {
    timeout: attrs.timeout ?? set.timeout ?? 0,
    packets: attrs.packets ?? null,
    bytes: attrs.bytes ?? null,
    comment: attrs.comment ?? '',
    skbmark: attrs.skbmark?.mark ?? 0,
    skbmarkmask: attrs.skbmark?.mask ?? 0,
    skbprio: attrs.skbprio ?? 0,
    skbqueue: attrs.skbqueue ?? 0,
  };
}

/** What a packet brings. Kernel: IP_SET_INIT_KEXT(), include/linux/netfilter/ipset/ip_set.h */
export function packetRequest(set: IpSet, length: number, timeout: number | null): ExtRequest {
  return {
    timeout: timeout ?? set.timeout ?? 0,
    packets: 1n,
    bytes: BigInt(length),
    comment: '',
    skbmark: 0,
    skbmarkmask: 0,
    skbprio: 0,
    skbqueue: 0,
  };
}

/** The extensions of an element that is put where `before` was. */
export function newExt(set: IpSet, request: ExtRequest, before: Slot | Ext | undefined, tick: number): Ext {
  const old = before === undefined ? NO_EXT : 'ext' in before ? before.ext : before;
  if (set.timeout === null && !set.counters && !set.comment && !set.skbinfo) return NO_EXT;
  const expires = set.timeout === null || request.timeout === 0 ? 0 : tick + request.timeout * HZ;
  if (expires !== 0 && (set.nextExpiry === 0 || expires < set.nextExpiry)) set.nextExpiry = expires;
  return Object.freeze({
    expires,
    packets: set.counters ? (request.packets ?? old.packets) : 0n,
    bytes: set.counters ? (request.bytes ?? old.bytes) : 0n,
    comment: set.comment ? request.comment : '',
    skbmark: set.skbinfo ? request.skbmark : 0,
    skbmarkmask: set.skbinfo ? request.skbmarkmask : 0,
    skbprio: set.skbinfo ? request.skbprio : 0,
    skbqueue: set.skbinfo ? request.skbqueue : 0,
  });
}

/** What stays of an element in its place, if it matters. */
export function ghostOf(set: IpSet, elem: Elem): Ghost {
  if (!set.counters) return NO_GHOST;
  return Object.freeze({ seq: -1, packets: elem.ext.packets, bytes: elem.ext.bytes });
}

export const NO_GHOST: Ghost = Object.freeze({ seq: -1, packets: 0n, bytes: 0n });

export function isElem(slot: Slot | undefined): slot is Elem {
  return slot !== undefined && slot.seq >= 0;
}

/** How a lookup treats counters. */
export interface Match {
  /** What is added to the counters; null: they stay as they are. */
  readonly add: { readonly packets: bigint; readonly bytes: bigint } | null;
  readonly packets: CounterTest | null;
  readonly bytes: CounterTest | null;
}

interface CounterTest {
  readonly op: 'eq' | 'ne' | 'lt' | 'gt';
  readonly value: bigint;
}

/** A command's test changes nothing and asks for nothing. */
export const NO_MATCH_OPTIONS: Match = Object.freeze({ add: null, packets: null, bytes: null });

/** Whether the extensions let an element match, and what becomes of them. Kernel: ip_set_match_extensions() */
export function matchExt(
  set: IpSet,
  ext: Ext,
  match: Match,
  tick: number,
): { readonly matched: boolean; readonly ext: Ext } {
  if (expired(ext, tick)) return { matched: false, ext };
  if (!set.counters) return { matched: true, ext };
  const updated =
    match.add === null
      ? ext
      : Object.freeze({
          ...ext,
          packets: BigInt.asUintN(64, ext.packets + match.add.packets),
          bytes: BigInt.asUintN(64, ext.bytes + match.add.bytes),
        });
  const matched = counterMatches(updated.packets, match.packets) && counterMatches(updated.bytes, match.bytes);
  return { matched, ext: updated };
}

function counterMatches(value: bigint, test: CounterTest | null): boolean {
  if (test === null) return true;
  if (test.op === 'eq') return value === test.value;
  if (test.op === 'ne') return value !== test.value;
  return test.op === 'lt' ? value < test.value : value > test.value;
}
