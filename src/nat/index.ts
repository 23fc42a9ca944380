/** NAT: nf_nat, masquerade, redirect, netmap. */
import type { ConntrackState } from '../conntrack';
import type { Conn, HookAnswer, HookState, HostPort, Skb } from '../model';
import type { Addr } from '../wire';

function todo(): never {
  throw new Error('not written yet');
}

/** Bits of `NatRange.flags`. Kernel: NF_NAT_RANGE_* */
export const NAT_RANGE = {
  MAP_IPS: 1,
  PROTO_SPECIFIED: 2,
  PROTO_RANDOM: 4,
  PERSISTENT: 8,
  PROTO_RANDOM_FULLY: 16,
  PROTO_OFFSET: 32,
  NETMAP: 64,
} as const;

/** Kernel: struct nf_nat_range2. `proto` members are ports (or ICMP ids). */
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

export type Manip = 'src' | 'dst';

/** Filled by `nfNatInetFn`: why the chains were not asked. */
export interface NatInfo {
  skipped?: 'flow-known' | 'untracked' | 'conntrack-off' | 'invalid';
}

/** Sets up one direction of a flow's mapping. Kernel: nf_nat_setup_info() */
export const nfNatSetupInfo: (
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  conn: Conn,
  range: NatRange,
  manip: Manip,
  targetName: string,
) => HookAnswer = todo;

/** Whether this direction of the flow's mapping is settled; ask it between the nat chains of one hook. */
export const nfNatInitialized: (conn: Conn, manip: Manip) => boolean = todo;

/**
 * The one nat function of a hook: `dst` at PREROUTING and OUTPUT (-100), `src` at INPUT and POSTROUTING (100). `chains`
 * walks the nat chains in their order and stops after the one that settled the mapping (`nfNatInitialized`) or that
 * did not accept.
 * Kernel: nf_nat_inet_fn(), net/netfilter/nf_nat_core.c and the wrappers of nf_nat_proto.c
 */
export const nfNatInetFn: (
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  state: HookState,
  manip: Manip,
  chains: (skb: Skb, state: HookState) => HookAnswer,
  info?: NatInfo,
) => HookAnswer = todo;

/** What the option part of a target gives: flags and ports, no addresses. */
export type NatPorts = Pick<NatRange, 'flags' | 'minProto' | 'maxProto'>;

/** MASQUERADE. Kernel: nf_nat_masquerade_ipv4(), nf_nat_masquerade_ipv6() */
export const natMasquerade: (
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  state: HookState,
  ports: NatPorts,
) => HookAnswer = todo;
/** REDIRECT. Kernel: nf_nat_redirect_ipv4(), nf_nat_redirect_ipv6() */
export const natRedirect: (
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  state: HookState,
  ports: NatPorts,
) => HookAnswer = todo;
/** NETMAP to `minAddr`-`maxAddr`, the first and last address of the network. Kernel: netmap_tg4(), netmap_tg6() */
export const natNetmap: (
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  state: HookState,
  minAddr: Addr,
  maxAddr: Addr,
) => HookAnswer = todo;
/** An interface went down, or lost `addr`: masqueraded flows over it are forgotten; how many. */
export const natForgetInterface: (ct: ConntrackState, port: HostPort, iface: string, addr?: Addr) => number = todo;
