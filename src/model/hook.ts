import type { Skb } from './skb';

/** The families that hooks are registered for. `inet` chains register once for `ip` and once for `ip6`. */
export type HookFamily = 'ip' | 'ip6' | 'bridge' | 'netdev';

/** The five hooks by the names that iptables uses (NF_INET_PRE_ROUTING …), and those of a device. */
export type HookName = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING' | 'INGRESS' | 'EGRESS';

/** Priorities at which the kernel's own hook functions register. Kernel: enum nf_ip_hook_priorities. */
export const PRIORITY = {
  defrag: -400,
  raw: -300,
  conntrack: -200,
  mangle: -150,
  natDst: -100,
  filter: 0,
  security: 50,
  natSrc: 100,
  confirm: 2147483647,
} as const;

/** What a hook function answers. `repeat` is only an answer of a program behind a queue (nf_reinject). */
export type Verdict = 'accept' | 'drop' | 'queue' | 'stolen';
export type QueueVerdict = Verdict | 'repeat';

/** What a hook function is told about where it is called. Kernel: struct nf_hook_state. */
export interface HookState {
  readonly family: HookFamily;
  readonly hook: HookName;
  /** Interface names, '' for none. */
  readonly in: string;
  readonly out: string;
}

/** Which part of the system a hook function belongs to; the page chooses shape and colour by it. */
export type Subsystem =
  | 'defrag'
  | 'iptables'
  | 'conntrack'
  | 'nat'
  | 'synproxy'
  | 'confirm'
  | 'nft'
  | 'ipvs'
  | 'bpf'
  | 'user';

/**
 * A function registered at a hook. Kernel: struct nf_hook_ops.
 *
 * `fn` must be a plain function that closes over nothing that changes: all state is reached through `host`.
 */
export interface HookOps<Host> {
  /** Unique within its hook: `raw`, `conntrack`, `nat`, `confirm`, `inet fw input`. */
  readonly name: string;
  readonly family: HookFamily;
  readonly hook: HookName;
  readonly priority: number;
  readonly subsystem: Subsystem;
  /** The iptables table that it walks, if any. */
  readonly table?: TableName;
  readonly fn: (host: Host, skb: Skb, state: HookState, ops: HookOps<Host>) => HookAnswer;
  /** What it was registered with, for `fn` to read; frozen. Kernel: nf_hook_ops.priv */
  readonly priv?: object;
}

/** A verdict, or a drop with the errno that a local sender gets and the reason's name. */
export type HookAnswer =
  | Verdict
  | { readonly verdict: 'drop'; readonly errno?: Errno; readonly reason?: string }
  | { readonly verdict: 'queue'; readonly queue: number; readonly bypass: boolean };

export type TableName = 'raw' | 'mangle' | 'nat' | 'filter' | 'security';

/** The built-in chains of each table. Kernel: *_VALID_HOOKS of net/ipv4/netfilter/iptable_*.c. */
export const TABLE_HOOKS: Readonly<Record<TableName, readonly HookName[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** What a local sender may be told. */
export type Errno =
  | 'EPERM'
  | 'ENETUNREACH'
  | 'EHOSTUNREACH'
  | 'EACCES'
  | 'EINVAL'
  | 'EMSGSIZE'
  | 'ECONNREFUSED'
  | 'EAFNOSUPPORT'
  | 'EADDRNOTAVAIL'
  | 'ENOBUFS'
  | 'ENETDOWN';
