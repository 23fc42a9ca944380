import type { Addr, Family, Prefix } from '../wire';
import type { Fib } from './fib';

/** Kernel: RTN_* of include/uapi/linux/rtnetlink.h */
export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'anycast'
  | 'multicast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw'
  | 'nat';

/** One way that a route leads. Kernel: struct fib_nh_common */
export interface Nexthop {
  readonly gateway: Addr | null;
  readonly dev: string;
  /** From 1. */
  readonly weight: number;
  readonly onlink: boolean;
  readonly realm: number;
  /** Scope of the gateway as it was found when the route was made; host (254) if there is no gateway. */
  readonly scope: number;
  /** Its interface is down. */
  readonly dead: boolean;
}

/** One of a route's metrics: `mtu lock 1400`. */
export interface RouteMetric {
  readonly name: string;
  readonly value: string;
  readonly lock: boolean;
}

/** Congestion control that a kernel has as it starts, and that a route may name. Kernel: tcp_ca_get_key_by_name() */
export const TCP_CONGESTION: readonly string[] = ['reno', 'bbr', 'cubic'];

/** One route. Kernel: struct fib_alias with its fib_info; struct fib6_info */
export interface Route {
  readonly family: Family;
  readonly type: RouteType;
  readonly prefix: Prefix;
  /** IPv6: only for packets from here. */
  readonly from: Prefix | null;
  readonly tos: number;
  /** `metric` of the tools; the smaller the better. IPv4: 0 if not given. */
  readonly metric: number;
  readonly table: number;
  /** Who made it: 2 the kernel, 3 a command. */
  readonly protocol: number;
  readonly scope: number;
  /** The source address that it prefers (`src`). */
  readonly prefsrc: Addr | null;
  readonly nexthops: readonly Nexthop[];
  readonly metrics: readonly RouteMetric[];
  /** IPv6: low -1, medium 0, high 1. */
  readonly pref: number;
  /** IPv6: seconds. */
  readonly expires: number | null;
}

/** What a rule does. Kernel: FR_ACT_* */
type RuleAction =
  | 'lookup'
  | 'goto'
  | 'nop'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  /** Another type of route, by its number: the kernel knows none such, and finds nothing by it. */
  | `type ${number}`;

export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** One policy rule. Kernel: struct fib_rule */
export interface PolicyRule {
  readonly family: Family;
  readonly priority: number;
  readonly not: boolean;
  readonly from: Prefix | null;
  readonly to: Prefix | null;
  readonly iif: string;
  readonly oif: string;
  readonly tos: number;
  readonly mark: number;
  readonly markMask: number;
  readonly protocol: number;
  readonly sport: NumberRange | null;
  readonly dport: NumberRange | null;
  readonly uid: NumberRange | null;
  readonly tunId: number;
  readonly l3mdev: boolean;
  readonly action: RuleAction;
  readonly table: number;
  /** Of `goto`. */
  readonly target: number;
  readonly suppressPrefixLength: number;
  readonly suppressGroup: number;
  /** Source and destination realm as one number (from << 16 | to). */
  readonly realms: number;
  /** Who made it (`protocol`): 2 the kernel. */
  readonly madeBy: number;
}

/** What is asked of a FIB. Kernel: struct flowi4, flowi6 */
export interface FibFlow {
  readonly dst: Addr;
  readonly src: Addr | null;
  readonly tos: number;
  readonly mark: number;
  /** `lo` for what the host sends itself. */
  readonly iif: string;
  readonly oif: string;
  readonly protocol: number;
  readonly sport: number;
  readonly dport: number;
  readonly uid: number;
  /** Only routes of at least this scope (IPv4). */
  readonly scope: number;
  /** IPv6: the route must leave by this interface (RT6_LOOKUP_F_IFACE). */
  readonly strictIface: boolean;
  /** IPv6: among equals the route by this interface is better; '' for `oif`. */
  readonly prefer: string;
  /** IPv6: of a prefix's routes the first by `oif` is taken, of whatever metric. Kernel: ip6_route_lookup() */
  readonly byDevice: boolean;
}

/** How a lookup ends. `error`: what the kernel's fib_lookup() returns. */
export type FibError = 'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL';

export type FibResult =
  | { readonly ok: true; readonly route: Route; readonly nexthop: Nexthop; readonly rule: PolicyRule | null }
  | {
      readonly ok: false;
      readonly error: FibError;
      /** The route, or the rule, that said so. */
      readonly route: Route | null;
      readonly rule: PolicyRule | null;
    };

/** What the FIB has to know about the host's interfaces. */
export interface FibDevices {
  fibDevice(
    name: string,
  ): { readonly up: boolean; readonly loopback: boolean; readonly group: number; readonly ipv6: boolean } | null;
  /** Is it an address of this host (of this interface)? */
  fibLocal(addr: Addr, dev?: string): boolean;
  /** The routes of both families: a route of IPv4 may have a gateway of IPv6. */
  readonly fib: Readonly<Record<Family, Fib>>;
}

/** Numbers that the kernel and `ip` have names for. Kernel: enum rt_scope_t, rt_class_t; RTPROT_* */
export const SCOPE = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 } as const;
export const TABLE = { unspec: 0, default: 253, main: 254, local: 255 } as const;
export const RTPROT = { unspec: 0, redirect: 1, kernel: 2, boot: 3, static: 4 } as const;
