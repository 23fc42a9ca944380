import type { Rng, SimTime } from '../base';
import type { Addr, Family, Prefix } from '../wire';
import type { EventBody } from './event';
import type { Errno } from './hook';
import type { Dst, PacketId, Skb } from './skb';

export interface IfaceInfo {
  readonly name: string;
  readonly index: number;
  readonly kind: 'ethernet' | 'bridge' | 'dummy' | 'loopback';
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  /** In the order in which they were added. */
  readonly addresses: readonly IfaceAddr[];
  readonly master: string;
  /** `ip link set … group`. */
  readonly group: number;
}

export interface IfaceAddr extends Prefix {
  readonly broadcast: Addr | null;
  /** host 254, link 253, global 0. */
  readonly scope: number;
  readonly secondary: boolean;
}

/** Kernel: enum of inet_addr_type() and ipv6_addr_type(), by the names that `addrtype` uses. */
export type AddrType =
  | 'UNSPEC'
  | 'UNICAST'
  | 'LOCAL'
  | 'BROADCAST'
  | 'ANYCAST'
  | 'MULTICAST'
  | 'BLACKHOLE'
  | 'UNREACHABLE'
  | 'PROHIBIT'
  | 'THROW'
  | 'NAT'
  | 'XRESOLVE';

export interface FlowKey {
  readonly family: Family;
  readonly dst: Addr;
  readonly src?: Addr;
  readonly tos?: number;
  readonly mark?: number;
  readonly iif?: string;
  readonly oif?: string;
  readonly protocol?: number;
  readonly sport?: number;
  readonly dport?: number;
  readonly uid?: number;
}

export type RouteAnswer = { readonly ok: true; readonly dst: Dst } | { readonly ok: false; readonly errno: Errno };

/**
 * What a mechanism (conntrack, nat, xtables, ipset …) may ask of the host that it works in. Mechanisms never import the
 * host: everything that looks outward comes in through this.
 */
export interface HostPort {
  readonly name: string;
  now(): SimTime;
  readonly rng: Rng;
  /** Adds an event; who, when and the packet's bytes are filled in. */
  emit(skb: Skb | null, body: EventBody): void;
  /** Value of a sysctl by its dotted name (`net.netfilter.nf_conntrack_max`), or undefined if the host has none. */
  sysctl(key: string): string | undefined;
  interfaces(): readonly IfaceInfo[];
  iface(name: string): IfaceInfo | undefined;
  /** Kernel: inet_addr_type_dev_table(), ipv6_addr_type(); `dev` limits LOCAL to the addresses of one interface. */
  addrType(family: Family, addr: Addr, dev?: string): AddrType;
  /** A plain FIB lookup with no event (for `addrtype`, `rpfilter`, TCPMSS, REJECT). Kernel: ip_route_output_key(). */
  route(key: FlowKey): RouteAnswer;
  /** The address that a packet out of `dev` towards `dst` would get. Kernel: inet_select_addr(), ipv6_dev_get_saddr(). */
  selectAddr(family: Family, dev: string, dst: Addr): Addr | null;
  /** Sends a packet that the host makes itself in answer to `cause` (REJECT's reset or ICMP error), through OUTPUT. */
  sendLocal(
    packet: import('../wire').Packet,
    cause: Skb,
    how: 'reply' | 'error' | 'reject',
    options?: SendOptions,
  ): void;
  /** Puts a copy of a packet out (TEE). */
  sendCopy(skb: Skb, gateway: Addr): void;
  /** Is there a socket that this packet would reach? For `socket` and TPROXY. */
  socketLookup(skb: Skb): { readonly transparent: boolean; readonly wildcard: boolean; readonly mark: number } | null;
  /** A new id of a packet that `cause` brought about. */
  packetId(cause: PacketId, kind: 'reply' | 'err' | 'frag' | 'copy'): PacketId;
  /** Day and time of the virtual clock: seconds since 1970 at time 0 of the run. */
  readonly epoch: number;
}

export interface SendOptions {
  readonly mark?: number;
  readonly tos?: number;
  /** The flow's entry that the answer belongs to (kernel: nf_ct_attach). */
  readonly attachCt?: boolean;
}
