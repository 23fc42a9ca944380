import type { FibResult } from '../../fib';

type Found = Extract<FibResult, { ok: true }>;

/** Realms are two numbers in one: the source's in the upper half, the destination's in the lower. A half that is 0 takes that of `tag`. */
export function setClassTag(realms: number, tag: number): number {
  const lower = realms & 0xffff || tag & 0xffff;
  const upper = realms >>> 16 || tag >>> 16;
  return ((upper << 16) | lower) >>> 0;
}

/** Kernel: fib_result.tclassid */
export function ruleRealms(found: Found): number {
  return found.rule?.realms ?? 0;
}

/** What the route back to a source gives its packets: its realm as that of the source. Kernel: fib_combine_itag(), include/net/ip_fib.h */
export function sourceRealms(found: Found): number {
  const rule = ruleRealms(found);
  const own = (found.nexthop.realm << 16) >>> 0;
  return ((own || (rule << 16) >>> 0) | (rule >>> 16)) >>> 0;
}
