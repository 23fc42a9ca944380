import type { Addr } from '../wire';

/** Bits of `NatRange.flags`. Kernel: NF_NAT_RANGE_*, include/uapi/linux/netfilter/nf_nat.h */
export const NAT_RANGE = {
  MAP_IPS: 1,
  PROTO_SPECIFIED: 2,
  PROTO_RANDOM: 4,
  PERSISTENT: 8,
  PROTO_RANDOM_FULLY: 16,
  PROTO_OFFSET: 32,
  NETMAP: 64,
} as const;

export const PROTO_RANDOM_ALL = NAT_RANGE.PROTO_RANDOM | NAT_RANGE.PROTO_RANDOM_FULLY;

/** Kernel: struct nf_nat_range2. `proto` members are ports, or ICMP ids. */
export interface NatRange {
  /** Bits of `NAT_RANGE`. */
  readonly flags: number;
  /** Null without MAP_IPS. */
  readonly minAddr: Addr | null;
  readonly maxAddr: Addr | null;
  readonly minProto: number;
  readonly maxProto: number;
  /** With PROTO_OFFSET: the port that maps to `minProto`. */
  readonly baseProto: number;
}

/** Which end of the packet is rewritten. Kernel: enum nf_nat_manip_type */
export type Manip = 'src' | 'dst';

/** What the option part of a target gives: flags and ports, no addresses. */
export type NatPorts = Pick<NatRange, 'flags' | 'minProto' | 'maxProto'>;

/** A range of one address, with the ports of a target that chooses the address itself. */
export function rangeTo(addr: Addr, ports: NatPorts = { flags: 0, minProto: 0, maxProto: 0 }): NatRange {
  return {
    flags: ports.flags | NAT_RANGE.MAP_IPS,
    minAddr: addr,
    maxAddr: addr,
    minProto: ports.minProto,
    maxProto: ports.maxProto,
    baseProto: 0,
  };
}
