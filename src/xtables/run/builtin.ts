import type { AddrTest, IfaceTest, Rule } from '../rule';
import type { PacketKey } from './packet';

/** The tests of the IP header and the interfaces. Kernel: ip_packet_match(), ip6_packet_match() */
export function headerMatches(rule: Rule, key: PacketKey, iif: string, oif: string): boolean {
  if (!addressesMatch(rule, key, iif, oif)) return false;
  if (rule.protocol !== 0 && (key.protocol < 0 || (rule.protocol === key.protocol) === rule.protocolNegated)) {
    return false;
  }
  return rule.fragment === 'any' || (key.fragoff !== 0) === (rule.fragment === 'later');
}

/** Those that come before the protocol. */
export function addressesMatch(rule: Rule, key: PacketKey, iif: string, oif: string): boolean {
  const { src, dst } = rule;
  if (src !== null && srcMatches(src, key) === src.negated) return false;
  if (dst !== null && dstMatches(dst, key) === dst.negated) return false;
  if (rule.iif !== null && ifaceMatches(rule.iif, iif) === rule.iif.negated) return false;
  return rule.oif === null || ifaceMatches(rule.oif, oif) !== rule.oif.negated;
}

/** `-s` without its negation, word by word. Kernel: ip_packet_match(), ip6_packet_match() */
export function srcMatches(test: AddrTest, key: PacketKey): boolean {
  return (
    (((key.s0 & test.m0) ^ test.a0) |
      ((key.s1 & test.m1) ^ test.a1) |
      ((key.s2 & test.m2) ^ test.a2) |
      ((key.s3 & test.m3) ^ test.a3)) ===
    0
  );
}

/** `-d`, likewise. */
export function dstMatches(test: AddrTest, key: PacketKey): boolean {
  return (
    (((key.d0 & test.m0) ^ test.a0) |
      ((key.d1 & test.m1) ^ test.a1) |
      ((key.d2 & test.m2) ^ test.a2) |
      ((key.d3 & test.m3) ^ test.a3)) ===
    0
  );
}

/** Kernel: ifname_compare_aligned() */
export function ifaceMatches(test: IfaceTest, name: string): boolean {
  return test.wild ? name.startsWith(test.name) : name === test.name;
}
