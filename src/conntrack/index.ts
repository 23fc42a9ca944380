/**
 * Connection tracking: nf_conntrack, its trackers, helpers, expectations and events.
 *
 * One `ConntrackState` a host; everything else here is functions over it.
 */
import type { SimTime } from '../base';
import type { Conn, ConnSnapshot, HookAnswer, HookState, HostPort, Skb, Tuple, Zone } from '../model';
import type { Packet } from '../wire';

function todo(): never {
  throw new Error('not written yet');
}

export class ConntrackState {
  /** Whether the hook functions of each family are registered; the host sets it. */
  readonly active = { ip: false, ip6: false };
  readonly buckets: number;
  readonly seed: number;
  constructor(options: { readonly buckets: number; readonly seed: number }) {
    this.buckets = options.buckets;
    this.seed = options.seed;
  }
}

/** Names and default values of /proc/sys/net/netfilter, as the kernel shows them. */
export const conntrackSysctls: Readonly<Record<string, string>> = {};

/** Timeouts, in seconds, by the names of `nft ct timeout` (established, syn_sent, replied, …). */
export interface TimeoutPolicy {
  readonly name: string;
  readonly protocol: number;
  readonly seconds: Readonly<Record<string, number>>;
}

export interface TemplateOptions {
  readonly zone?: Zone;
  /** `CT --zone mark`: the zone's id is the packet's mark. */
  readonly zoneFromMark?: boolean;
  readonly helper?: string;
  readonly timeout?: TimeoutPolicy;
  /** `CT --ctevents`: names of IPCT_ bits in lower case (new, related, destroy, reply, assured, protoinfo, mark …). */
  readonly events?: readonly string[];
}

/** What is asked of `ctDelete`, `ctUpdate` and `ctFlush` by the tools. */
export type CtPredicate = (conn: Conn) => boolean;

/** Hook function of PREROUTING and OUTPUT at -200. Kernel: nf_conntrack_in() */
export const nfConntrackIn: (ct: ConntrackState, port: HostPort, skb: Skb, state: HookState) => HookAnswer = todo;
/** Hook function of INPUT and POSTROUTING, last: helpers, sequence adjustment, confirm, events. Kernel: nf_confirm() */
export const nfConfirm: (ct: ConntrackState, port: HostPort, skb: Skb, state: HookState) => HookAnswer = todo;
/** Throws out everything that is due at port.now(), with its DESTROY events. */
export const ctExpire: (ct: ConntrackState, port: HostPort) => void = todo;
export const ctNextExpiry: (ct: ConntrackState) => SimTime | null = todo;
/** `conntrack -F`: all entries. */
export const ctFlush: (ct: ConntrackState, port: HostPort) => number = todo;
/** Deletes the confirmed entries that the predicate picks; how many. */
export const ctDelete: (ct: ConntrackState, port: HostPort, predicate: CtPredicate) => number = todo;
/** `conntrack -U`: changes mark, timeout or status of the entries that the predicate picks; how many. */
export const ctUpdate: (ct: ConntrackState, port: HostPort, predicate: CtPredicate, change: CtChange) => number = todo;
export interface CtChange {
  readonly mark?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly assured?: boolean;
  readonly label?: { readonly set: Uint8Array; readonly mask: Uint8Array };
}
/** All confirmed entries that have not expired, in the order of the hash table. */
export const ctList: (ct: ConntrackState, port: HostPort) => Conn[] = todo;
export const ctSnapshot: (conn: Conn, now: SimTime) => ConnSnapshot = todo;
/** Bucket of a tuple. */
export const ctBucket: (ct: ConntrackState, tuple: Tuple, zoneId: number) => number = todo;
/** Entries that count against nf_conntrack_max, unconfirmed ones included (`conntrack -C`). */
export const ctCount: (ct: ConntrackState) => number = todo;
/** The counters that `conntrack -S` prints. */
export interface CtStats {
  found: number;
  invalid: number;
  insert: number;
  insert_failed: number;
  drop: number;
  early_drop: number;
  error: number;
  search_restart: number;
  clash_resolve: number;
  chaintoolong: number;
  /** Not printed by current tools, kept by the kernel. */
  expect_new: number;
  expect_create: number;
  expect_delete: number;
}
export const ctStats: (ct: ConntrackState) => Readonly<CtStats> = todo;
/** A template for `skb.template`. It is frozen: rules share it. */
export const ctTemplate: (options: TemplateOptions) => Conn = todo;
/** Gives an answer (REJECT's) the flow of what it answers. Kernel: nf_conntrack_attach() */
export const nfCtAttach: (answer: Skb, skb: Skb) => void = todo;
/** The packet's flow no longer counts (end of the skb): an unconfirmed entry is given back. Kernel: nf_conntrack_put() */
export const ctRelease: (ct: ConntrackState, skb: Skb) => void = todo;
/** Sets the connmark of the packet's flow; an UPDATE follows at confirm. */
export const ctSetMark: (ct: ConntrackState, port: HostPort, skb: Skb, mark: number) => void = todo;
/** Sets or clears a label bit (0 to 127). False if the bit cannot be set. */
export const ctSetLabel: (ct: ConntrackState, port: HostPort, skb: Skb, bit: number, value: boolean) => boolean = todo;
export const ctSetSecmark: (ct: ConntrackState, port: HostPort, skb: Skb, secmark: number) => void = todo;
/** Gives the flow this many microseconds from now. Kernel: nf_ct_refresh() */
export const ctRefresh: (ct: ConntrackState, port: HostPort, conn: Conn, timeout: SimTime) => void = todo;
/** As -m conntrack --ctstate and -m state see the packet. */
export const ctStateOf: (skb: Skb) => 'INVALID' | 'NEW' | 'ESTABLISHED' | 'RELATED' | 'UNTRACKED' = todo;
export const invertTuple: (tuple: Tuple) => Tuple | null = todo;
/** The packet's tuple, or null if it has none (cut short, an unknown ICMP type …). Kernel: nf_ct_get_tuplepr() */
export const tupleOf: (packet: Packet) => Tuple | null = todo;
/** Finds the flow that a tuple belongs to (either direction). Kernel: nf_conntrack_find_get() */
export const ctFind: (
  ct: ConntrackState,
  port: HostPort,
  tuple: Tuple,
  zone?: Zone,
) => { conn: Conn; reply: boolean } | null = todo;

/** An expectation: a flow that a helper announced. Kernel: struct nf_conntrack_expect */
export interface Expectation {
  readonly id: number;
  readonly master: Conn;
  /** What it waits for; null members of `mask` bits are wildcards. */
  readonly tuple: Tuple;
  /** Source address and port that count: the address is compared whole, or not at all. */
  readonly mask: { readonly src: boolean; readonly sport: boolean };
  readonly helper: string | null;
  readonly expires: SimTime;
}
/** `conntrack -L expect`. */
export const ctExpectations: (ct: ConntrackState, port: HostPort) => readonly Expectation[] = todo;
/** Helpers that a rule may assign: ftp, tftp. */
export const helperNames: readonly string[] = ['ftp', 'tftp'];
