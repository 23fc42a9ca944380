import type { Addr } from '../wire';
import type { XtFamily } from '../xtables';

/** A hook function of one's own, as a kernel module registers it. Kernel: nf_register_net_hook(), net/netfilter/core.c */
export interface OwnHook {
  /** Unique at its hook. */
  readonly name: string;
  /** Default `ip`. */
  readonly family?: XtFamily;
  readonly hook: 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING';
  /** Lower ones run first; of equal ones the one registered last. */
  readonly priority: number;
  /** Which packets it acts on, in the words of iptables (`-p tcp --dport 80`); all if absent. Others pass. */
  readonly match?: string;
  readonly verdict: 'accept' | 'drop' | 'stolen' | { readonly queue: number; readonly bypass?: boolean };
}

/** A userspace program behind a queue. Kernel: nfqnl_recv_verdict(), net/netfilter/nfnetlink_queue.c */
export interface OwnQueue {
  readonly number: number;
  /** Name of the program. */
  readonly name?: string;
  /** The first rule whose condition a packet meets decides. */
  readonly rules?: readonly OwnQueueRule[];
  /** What becomes of packets that no rule decides about; default accept. */
  readonly otherwise?: 'accept' | 'drop';
}

export interface OwnQueueRule {
  readonly match?: string;
  /** `queue`: handed on to another queue. */
  readonly verdict: 'accept' | 'drop' | 'repeat' | { readonly queue: number };
  /** The packet's mark from now on. */
  readonly mark?: number;
  /** The packet comes back with these in it; what a packet does not have is not set. */
  readonly set?: PacketChange;
}

export interface PacketChange {
  readonly src?: Addr;
  readonly dst?: Addr;
  readonly sport?: number;
  readonly dport?: number;
  readonly ttl?: number;
  readonly tos?: number;
  /** Of TCP and UDP; one character a byte. */
  readonly payload?: string;
}
