import type { Rng, SimTime } from '../base';
import type { Addr, Family, Packet, Prefix } from '../wire';
import type { EventBody } from './event';
import type { Errno, HookName, TableName } from './hook';
import type { Dst, PacketId, SharedBytes, Skb } from './skb';

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

export type RouteAnswer<D extends Dst = Dst> =
  | { readonly ok: true; readonly dst: D }
  | { readonly ok: false; readonly errno: Errno };

/** A route that was found. */
export interface FibAnswer {
  readonly type: string;
  /** IPv6: the address that all routers of a network have, made by the host itself. Kernel: RTF_ANYCAST */
  readonly ownAnycast: boolean;
  /** The interfaces that it leads to: of IPv6 the one chosen, of IPv4 all. */
  readonly devs: readonly string[];
}

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
  /** What the FIB alone says of an address, not asking where it may be used. Kernel: fib_lookup(), ip6_route_lookup(). */
  fibLookup(key: FlowKey): FibAnswer | null;
  /** The address that a packet out of `dev` towards `dst` would get. Kernel: inet_select_addr(), ipv6_dev_get_saddr(). */
  selectAddr(family: Family, dev: string, dst: Addr): Addr | null;
  /** Sends a packet that the host makes itself because of `cause` (REJECT's reset, SYNPROXY's segments), through OUTPUT. */
  sendLocal(packet: Packet, cause: Skb, how: 'reject' | 'synproxy', options?: SendOptions): void;
  /** Tells a packet's sender of an error by ICMP, unless that is not done: then why. Kernel: icmp_send(), icmpv6_send(). */
  sendError(skb: Skb, type: number, code: number, how: 'error' | 'reject', info?: number): string | null;
  /** Puts a copy of a packet out (TEE), by way of a neighbour; nothing if the packet is such a copy itself. */
  sendCopy(skb: Skb, gateway: Addr, hook: HookName, oif?: string): void;
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
  /** The flow that it belongs to from the start, and how; or what conntrack makes its flow by. Kernel: nf_ct_set() */
  readonly flow?: Pick<Skb, 'ct' | 'ctinfo'> | Pick<Skb, 'template'>;
  /** Its hop limit stays, and a bridge that the cause came by does not matter. */
  readonly asIs?: true;
}

/** An Ethernet frame with an IP packet, between two hosts. */
export interface Frame {
  /** The packet's identity goes along, so that it can be followed through the whole lab. */
  readonly id: PacketId;
  readonly parent: PacketId | null;
  readonly cause: PacketId | null;
  readonly srcMac: string;
  readonly dstMac: string;
  /** As it is when it is looked at: copies may share its bytes. */
  readonly bytes: SharedBytes;
  /** Something that is not modelled was reached on the way here. */
  readonly uncertain: boolean;
  /** Kernel: skb->csum_valid */
  readonly csumValid: boolean;
}

/** Listens to walks through tables while a step is replayed. */
export interface VerboseWalk {
  /** Told of every rule that is tried. */
  tried(rule: object): void;
  /** Whether the rules of a chain are told of now; without it all are. */
  wants?(table: TableName, chain: string): boolean;
  /** Whether a rule is told of with its criteria; without it all are. */
  details?(number: number): boolean;
}

/**
 * What a host may ask of the world that it stands in. Hosts know nothing of each other: frames leave through
 * `transmit` and come back as a call of the other host's `receive`.
 *
 * Work waits in two queues, as on a kernel's processor: frames and packets on lo in the order in which they were put
 * there (the softirq's backlog), and programs, which run only when none of those is left.
 */
export interface WorldPort {
  now(): SimTime;
  /** Seconds since 1970 at time 0 of the run. */
  readonly epoch: number;
  readonly rng: Rng;
  /** Adds an event; step, time, frame and the like are filled in. A `not-modelled` event marks the skb as uncertain. */
  emit(host: string, skb: Skb | null, body: EventBody): void;
  /** The id of a packet that `cause` brings about: `1.reply1`, `1.err1`, `1.frag2`, `1.copy1`. */
  packetId(cause: PacketId, kind: 'reply' | 'err' | 'frag' | 'copy'): PacketId;
  /**
   * A frame leaves by an Ethernet interface, onto its segment. (The `wire` event is the host's to emit.) It passes the
   * backlog twice, first for the segment (a bridge of its own), then for each host that it reaches; a packet on lo once.
   */
  transmit(host: string, dev: string, frame: Frame): void;
  /** A packet goes out of lo: it comes back as a call of `host.loopback(skb)`. Kernel: loopback_xmit(), netif_rx(). */
  loopback(host: string, skb: Skb): void;
  /**
   * Bottom halves are on again: outside of the softirq its whole backlog is worked off now, before this call returns;
   * inside of it (while `receive` or `loopback` of some host runs) nothing is done, as the backlog goes on anyway.
   * A host calls it wherever a process that sends reaches this point, after each frame that it put out.
   * Kernel: local_bh_enable(), do_softirq()
   */
  localBhEnable(): void;
  /** Does something with bottom halves off: the backlog waits until it is done. Kernel: local_bh_disable() */
  withBhDisabled<T>(run: () => T): T;
  /** The hosts of the lab by name, each with its addresses in order: what /etc/hosts of every host says. */
  names?(): ReadonlyMap<string, readonly Addr[]>;
  /** Number of the recording's step that is played, from 0: recorders need some 65 ms for each. */
  readonly step?: number;
  /** While a step is replayed in order to see more: is told of every rule that is tried (an `XtEnv.verbose`). Else null. */
  readonly verbose: VerboseWalk | null;
  /** A program has something to do: comes back as a call of `host.program(task)`. `task` is a plain value. */
  wake(host: string, task: unknown): void;
}

/** What the world asks of a host. Implemented by `Host` of src/host. */
export interface WorldHost {
  readonly name: string;
  /** A frame arrives by an Ethernet interface. */
  receive(dev: string, frame: Frame): void;
  loopback(skb: Skb): void;
  program(task: unknown): void;
  /** When the next timer (conntrack, fragments, sets) is due; Infinity if there is none. */
  nextTimer(): SimTime;
  /** Does what is due at `now()`: expired flows end, with their events. */
  runTimers(): void;
  /**
   * A raw socket of root, bound to the packet's source, sends. Returns what sendto() fails with, else null.
   * Kernel: raw_send_hdrinc(), rawv6_send_hdrinc().
   */
  send(id: PacketId, packet: Packet): Errno | null;
  /** This port belongs to the lab: what is delivered to it is taken and not answered (deliver to `own-port`). `address` null: any. */
  ownPort(protocol: 'tcp' | 'udp', address: Addr | null, port: number): void;
  /** A neighbour that resolves. */
  addNeighbour(dev: string, address: Addr, mac: string): void;
}
