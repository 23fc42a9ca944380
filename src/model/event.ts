import type { SimTime } from '../base';
import type { Addr } from '../wire';
import type { ConnSnapshot, CtInfo } from './conn';
import type { Errno, HookFamily, HookName, QueueVerdict, Subsystem, Verdict } from './hook';
import type { PacketId } from './skb';

/** Index of an event in its trace. */
export type EventId = number;
/** Index into a trace's `frames`: the bytes of a packet as they stood. -1 for none. */
export type FrameId = number;

/** One thing that happened. A plain value: survives structuredClone and JSON. */
export type TraceEvent = EventHead & EventBody;

interface EventHead {
  readonly id: EventId;
  /** Index of the recording's step (a `connect` is many), and of the lab's step. From 0. */
  readonly step: number;
  readonly userStep: number;
  readonly at: SimTime;
  /** Name of the host, '' for the wires between hosts. */
  readonly host: string;
  /** The packet that it happened to, '' if none. */
  readonly packet: PacketId;
  readonly frame: FrameId;
  /** skb->mark as it stood. */
  readonly mark: number;
  /** Something that is not modelled was reached before: what happens here is not certain. */
  readonly uncertain?: true;
}

export interface Endpoint {
  readonly addr: Addr;
  /** Port or ICMP id; null where there is none. */
  readonly port: number | null;
}

/** How a packet left a rule of iptables. */
export type RuleVerdict = 'accept' | 'drop' | 'return' | 'jump' | 'goto' | 'continue' | 'queue' | 'stolen';

/** A route that a lookup looked at, with the reason why it was taken or not. */
export interface ConsideredRoute {
  /** Priority and table of the `ip rule` that led here. */
  readonly rule: number;
  readonly table: string;
  /** The route as `ip route` prints it; '' if the rule itself did not apply. */
  readonly route: string;
  readonly outcome:
    | 'chosen'
    | 'rule-no-match'
    | 'no-prefix-match'
    | 'shorter-prefix'
    | 'higher-metric'
    | 'tos-differs'
    | 'oif-differs'
    | 'throw'
    | 'dead'
    | 'table-empty';
}

export type EventBody =
  /** A step of the lab begins. */
  | { readonly type: 'step'; readonly kind: 'send' | 'receive' | 'run' | 'wait' | 'connect' | 'ping' | 'udp' }
  /** A packet comes into being. `how` says by whom; `parent` and `cause` as in Skb. */
  | {
      readonly type: 'born';
      readonly how:
        | 'send'
        | 'receive'
        | 'socket'
        | 'reply'
        | 'error'
        | 'reject'
        | 'synproxy'
        | 'fragment'
        | 'copy'
        | 'reassembled';
      readonly parent: PacketId | null;
      readonly cause: PacketId | null;
    }
  /** On an interface other than lo. Seen where the taps are: after ingress XDP, and after POSTROUTING. */
  | {
      readonly type: 'wire';
      readonly interface: string;
      readonly direction: 'in' | 'out';
      readonly segment: string;
      /** Of the frame that it is in. */
      readonly mac?: { readonly src: string; readonly dst: string };
      /** True if the interface's stack takes no notice of it (other MAC). */
      readonly otherhost?: true;
    }
  | { readonly type: 'loopback' }
  /** Bridge decision: forwarded to a port, flooded, or handed up to the host. */
  | {
      readonly type: 'bridge';
      readonly bridge: string;
      readonly port: string;
      readonly to: readonly string[];
      readonly local: boolean;
    }
  | {
      readonly type: 'hook-enter';
      readonly family: HookFamily;
      readonly hook: HookName;
      readonly in: string;
      readonly out: string;
    }
  | {
      readonly type: 'hook-leave';
      readonly family: HookFamily;
      readonly hook: HookName;
      readonly verdict: Verdict;
      readonly in: string;
      readonly out: string;
    }
  /** One hook function begins, ends. `skipped` says why it had nothing to do (nat: the flow is known; own: no match). */
  | {
      readonly type: 'function-enter';
      readonly family: HookFamily;
      readonly hook: HookName;
      readonly name: string;
      readonly subsystem: Subsystem;
      readonly priority: number;
    }
  | {
      readonly type: 'function-leave';
      readonly family: HookFamily;
      readonly hook: HookName;
      readonly name: string;
      readonly subsystem: Subsystem;
      readonly priority: number;
      readonly verdict: Verdict;
      readonly skipped?: 'flow-known' | 'untracked' | 'conntrack-off' | 'invalid' | 'no-match';
    }
  /**
   * A piece of a walk through a chain: rules `from` to `to - 1` did not match, `rule` decided.
   * This is one entry of a recording's `trace`.
   */
  | {
      readonly type: 'rule';
      readonly tool: 'iptables' | 'nft';
      /** ip, ip6; nft: also inet, bridge, netdev. */
      readonly family: string;
      readonly table: string;
      readonly chain: string;
      readonly hook: HookName;
      readonly in: string;
      readonly out: string;
      /** Number from 1 of the first rule tried in this piece. */
      readonly from: number;
      /** Number from 1 of the rule that decided, or one past the last. */
      readonly to: number;
      readonly rule: number | 'policy' | 'return';
      /** Target's name: ACCEPT, DNAT, a chain, '' for none. */
      readonly target: string;
      readonly verdict: RuleVerdict;
      /** Depth of jumps: 0 in the built-in chain. */
      readonly depth: number;
      /** nft: the verdict as `nft monitor trace` prints it. */
      readonly nftVerdict?: string;
    }
  | {
      readonly type: 'route';
      readonly family: HookFamily;
      readonly kind: 'input' | 'output' | 'reroute';
      readonly src: Addr;
      readonly dst: Addr;
      readonly iif: string;
      readonly oif: string;
      /** Outcome: a route type of the kernel, or the reason why there is none. */
      readonly result:
        | 'local'
        | 'unicast'
        | 'broadcast'
        | 'multicast'
        | 'unreachable'
        | 'prohibit'
        | 'blackhole'
        | 'throw'
        | 'no-route'
        | 'martian-source'
        | 'martian-destination'
        | 'rp-filter';
      readonly dev: string;
      readonly gateway: Addr | null;
      /** The route as `ip route` prints it, and its table; '' if none. */
      readonly route: string;
      readonly table: string;
      readonly considered: readonly ConsideredRoute[];
      /** The way back to the source, if it was looked up to check the source; `dev` and `route` are '' if there is none. */
      readonly back?: {
        /** What rp_filter is for the interface: 0 off, 1 strict, 2 loose. */
        readonly rpFilter: number;
        readonly dev: string;
        readonly route: string;
        readonly considered: readonly ConsideredRoute[];
      };
    }
  | {
      readonly type: 'nat';
      readonly manip: 'src' | 'dst';
      readonly before: Endpoint;
      readonly after: Endpoint;
      /** `entry`: an existing flow is followed (`direction` says which way); `rule`: this packet's own rule set it up. */
      readonly by: 'rule' | 'entry';
      readonly hook: HookName;
      /** True if this undoes on a reply what was done to the original. */
      readonly undo: boolean;
      /** True if the inner packet of an ICMP error was rewritten, too. */
      readonly inner?: true;
    }
  /** NAT set up a flow's mapping (nf_nat_setup_info). `portChosen`: why the port is not the packet's own. */
  | {
      readonly type: 'nat-setup';
      readonly manip: 'src' | 'dst';
      readonly target: string;
      readonly before: Endpoint;
      readonly after: Endpoint;
      readonly portChosen?: 'collision' | 'random' | 'range';
      readonly failed?: true;
      readonly entry: ConnSnapshot;
    }
  /** Conntrack. `event` is what `conntrack -E` prints at this moment, if anything. */
  | {
      readonly type: 'conntrack';
      readonly what:
        | 'new'
        | 'found'
        | 'related'
        | 'invalid'
        | 'untracked'
        | 'confirm'
        | 'update'
        | 'destroy'
        | 'expect'
        | 'clash'
        | 'full'
        | 'early-drop'
        | 'timeout'
        | 'flush'
        | 'delete';
      readonly ctinfo?: CtInfo;
      readonly entry?: ConnSnapshot;
      readonly event?: 'NEW' | 'UPDATE' | 'DESTROY';
      /** Of an UPDATE: did the protocol's state change? Only then a recording shows it. */
      readonly stateChanged?: boolean;
      /** Why (invalid: what was wrong; new: why it is a new flow …), a key for the explanation. */
      readonly reason?: string;
    }
  /** A field of the packet, or of the skb, was changed by something that is not NAT. */
  | {
      readonly type: 'change';
      readonly field:
        | 'ttl'
        | 'mark'
        | 'connmark'
        | 'tos'
        | 'dscp'
        | 'ecn'
        | 'mss'
        | 'priority'
        | 'secmark'
        | 'df'
        | 'tcp-options'
        | 'checksum'
        | 'label'
        | 'flags'
        | 'hoplimit'
        | 'payload'
        | 'src'
        | 'dst'
        | 'sport'
        | 'dport';
      readonly before: string | number;
      readonly after: string | number;
      readonly by: string;
    }
  | {
      readonly type: 'log';
      readonly target: string;
      readonly prefix: string;
      readonly text: string;
      readonly level: number;
    }
  | {
      readonly type: 'set';
      readonly set: string;
      readonly what: 'test' | 'add' | 'del';
      readonly element: string;
      readonly matched: boolean;
      readonly probes: number;
      readonly size: number;
    }
  /** The packet ends here. `reason` is a name of enum skb_drop_reason without its SKB_DROP_REASON_ prefix. */
  | { readonly type: 'drop'; readonly reason: string; readonly by: string; readonly errno?: Errno }
  /** It reached a program or the stack itself. */
  | {
      readonly type: 'deliver';
      readonly to: 'listener' | 'client' | 'own-port' | 'icmp' | 'raw' | 'closed';
      readonly protocol: number;
      readonly port: number | null;
      /** What listens: `echo`, `http`, `dns`, `silent`. */
      readonly service?: string;
    }
  /** It left by a device, towards a neighbour. Failed: nobody answers for that address; `waits`: it is kept a while. */
  | {
      readonly type: 'neighbour';
      readonly dev: string;
      readonly addr: Addr;
      readonly mac: string | null;
      readonly waits?: true;
    }
  | {
      readonly type: 'fragment';
      readonly what: 'queued' | 'reassembled' | 'split' | 'timeout';
      readonly pieces: number;
    }
  /**
   * A queue: what its program answers (a verdict), or that there is none (`bypass`, `nobody listens`). `rule`: number from
   * 1 of the program's rule that decided, 0 if none did; `to`: the queue that the packet is handed on to.
   */
  | {
      readonly type: 'queue';
      readonly queue: number;
      readonly answer: QueueVerdict | 'bypass' | 'nobody listens';
      readonly program?: string;
      readonly rule?: number;
      readonly changed?: true;
      readonly to?: number;
    }
  | {
      readonly type: 'command';
      readonly command: string;
      readonly exit: number;
      readonly output: string;
      readonly record: boolean;
    }
  | { readonly type: 'wait'; readonly seconds: number }
  /** A local send failed. */
  | { readonly type: 'send-error'; readonly errno: Errno }
  | { readonly type: 'not-modelled'; readonly what: string }
  /** A remark that explains a silence: REJECT does not answer an ICMP error, a redirect is off … */
  | { readonly type: 'note'; readonly note: string; readonly params?: Readonly<Record<string, string | number>> }
  | { readonly type: 'stopped'; readonly why: 'budget' };

export type EventType = EventBody['type'];

/** An event of one type. */
export type EventOf<T extends EventType> = Extract<TraceEvent, { readonly type: T }>;
