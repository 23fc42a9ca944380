import type { SimTime } from '../base';
import type { Explanation } from '../explain';
import type { SetMember, SetView } from '../ipset';
import type { NotModelled, RecordedRefusal, TextReport } from '../lab';
import type { ConnSnapshot, EventId, HookFamily, HookName, Subsystem, TableName, TraceEvent } from '../model';
import type { Completion } from '../shell';
import type { Catalogue, Criterion, Finding, KeptState, RuleForm, RuleView, XtFamily } from '../xtables';

export type { Explanation, SentencePart } from '../explain';
export type { SetMember, SetView } from '../ipset';
export type { NotModelled, RecordedRefusal, TextReport } from '../lab';
export type { Completion } from '../shell';
export type {
  Catalogue,
  Criterion,
  ExtensionInfo,
  Finding,
  KeptState,
  OptionInfo,
  RuleForm,
  RulePart,
} from '../xtables';

/**
 * What the page, the command line and the tests see of the engine. All values are plain: they cross a worker's edge.
 *
 * The lab itself is typed in src/lab (`Lab`), re-exported by the front door.
 */

/** Everything that one run of a lab brought about. */
export interface RunResult {
  readonly events: readonly TraceEvent[];
  /** Bytes of packets, from the IP header on; `event.frame` points here. */
  readonly frames: readonly Uint8Array[];
  readonly steps: readonly StepResult[];
  /** The hosts as they are configured at the start, for the graphs. */
  readonly hosts: readonly HostView[];
  readonly segments: readonly SegmentView[];
  /** What the real tools would refuse first, if anything. The run goes on without the lines that are wrong. */
  readonly refused: RecordedRefusal | null;
  /** What is wrong in the texts of the lab, by host and member (`iptables`, `routes`, …). */
  readonly texts: readonly TextReport[];
  /** What was reached and is not modelled. */
  readonly notModelled: readonly NotModelled[];
}

/** One step of the lab as the user wrote it, and what came of it. */
export interface StepResult {
  /** First event and one past the last. */
  readonly from: EventId;
  readonly to: EventId;
  /** "TCP connect", "Ping", "Wait 2 s", "iptables -A …". */
  readonly title: string;
  /** "client → router:80". */
  readonly subtitle: string;
  readonly outcome: Outcome;
  /** The packets born in the step, in order. */
  readonly packets: readonly PacketSummary[];
}

export interface PacketSummary {
  readonly id: string;
  /** "SYN", "SYN+ACK", "echo request", "UDP". */
  readonly title: string;
  readonly subtitle: string;
  readonly from: EventId;
  readonly to: EventId;
  readonly outcome: Outcome;
}

export type Outcome =
  /** `place`: what took it: a service (`echo`), `icmp`, `closed` where nobody listens. */
  | { readonly kind: 'delivered'; readonly host: string; readonly port: number | null; readonly place: string }
  /** `by`: the rule or policy that decided (`nat PREROUTING 2`), or the function that dropped it. */
  | {
      readonly kind: 'dropped';
      readonly host: string;
      readonly reason: string;
      readonly by: string;
      readonly event: EventId;
    }
  | { readonly kind: 'rejected'; readonly host: string; readonly by: string; readonly event: EventId }
  /** Left the lab: out of an interface towards a machine that is not modelled, or a neighbour that is not there. */
  | { readonly kind: 'left'; readonly host: string; readonly interface: string; readonly known: boolean }
  /** A client got nothing back; what became of what it sent says not why. */
  | { readonly kind: 'unanswered'; readonly sent: Outcome }
  | { readonly kind: 'error'; readonly errno: string }
  | { readonly kind: 'done'; readonly note: string }
  | { readonly kind: 'failed'; readonly note: string }
  | { readonly kind: 'stopped' };

export interface SegmentView {
  readonly name: string;
  /** Network prefixes on it, as text. */
  readonly prefixes: readonly string[];
  readonly ports: readonly { readonly host: string; readonly interface: string }[];
}

/** A host as its graph is drawn: only what is registered is there. */
export interface HostView {
  readonly name: string;
  readonly title: string;
  readonly interfaces: readonly InterfaceView[];
  readonly hooks: readonly HookView[];
  readonly forwarding: { readonly ip: boolean; readonly ip6: boolean };
  readonly conntrack: { readonly ip: boolean; readonly ip6: boolean };
  readonly listeners: readonly {
    readonly protocol: string;
    readonly address: string;
    readonly port: number;
    readonly service: string;
  }[];
  readonly chains: readonly ChainView[];
  readonly routes: readonly string[];
  /** Queues that a program listens to. */
  readonly queues: readonly { readonly number: number; readonly program: string }[];
}

export interface InterfaceView {
  readonly name: string;
  readonly kind: 'ethernet' | 'bridge' | 'dummy' | 'loopback';
  readonly addresses: readonly string[];
  readonly mac: string;
  readonly mtu: number;
  readonly segment: string;
  readonly master: string;
}

export interface HookView {
  readonly family: HookFamily;
  readonly hook: HookName;
  /** In the order in which they run. */
  readonly functions: readonly FunctionView[];
}

export interface FunctionView {
  readonly name: string;
  readonly subsystem: Subsystem;
  readonly priority: number;
  readonly table: TableName | null;
  /** Of an iptables table: rules in its built-in chain here, and the policy. */
  readonly rules: number;
  readonly policy: string;
}

export interface ChainView {
  readonly family: HookFamily;
  readonly table: TableName;
  readonly chain: string;
  /** Null for a user chain. */
  readonly policy: string | null;
  readonly rules: number;
}

/** The state of one host just after an event. */
export interface HostState {
  readonly name: string;
  readonly conntrack: {
    readonly active: boolean;
    readonly entries: readonly (ConnSnapshot & { readonly bucketOriginal: number; readonly bucketReply: number })[];
    /** Flows that are not confirmed yet, so not in the table. */
    readonly unconfirmed: readonly ConnSnapshot[];
    readonly expectations: readonly ExpectationView[];
    readonly max: number;
    readonly buckets: number;
  };
  /** `nat PREROUTING 1` → [packets, bytes]; IPv6 with `ip6 ` before it. */
  readonly counters: Readonly<Record<string, readonly [number, number]>>;
  /** Rules and routes as the real commands print them now. */
  readonly routes: readonly RouteLine[];
  readonly rules: readonly RouteRule[];
  readonly addresses: readonly string[];
  readonly ipset: readonly SetView[];
  /** State that matches keep, beside the rule that keeps it: `limit`, `recent`, `hashlimit`, `quota`, `statistic`. */
  readonly ruleState: Readonly<Record<string, readonly KeptState[]>>;
}

/** A line of `ip rule`. */
export interface RouteRule {
  readonly family: HookFamily;
  readonly priority: number;
  /** As `ip rule` prints it, without the priority. */
  readonly text: string;
}

/** A flow that a helper has read of, and that is to come, from any port. */
export interface ExpectationView {
  readonly id: number;
  /** Id of the flow that it was read in. */
  readonly master: number;
  readonly family: 4 | 6;
  readonly protocol: string | number;
  readonly src: string;
  readonly dst: string;
  readonly dport: number;
  /** Microseconds. */
  readonly timeLeft: number;
}

/** What a host keeps with a packet, beside its bytes. */
export interface SkbView {
  readonly host: string;
  readonly packet: string;
  readonly mark: number;
  readonly priority: number;
  readonly secmark: number;
  /** Who sent it, if it was made here by a program. */
  readonly socket: { readonly uid: number; readonly gid: number; readonly mark: number } | null;
  readonly pktType: string;
}

export interface RouteLine {
  readonly family: HookFamily;
  readonly table: string;
  readonly text: string;
}

export interface WorldState {
  readonly event: EventId;
  readonly at: SimTime;
  readonly hosts: readonly HostState[];
  /** Hosts that commands have configured in another way than they were at the start, as they stand now. */
  readonly reconfigured: readonly HostView[];
  /** The packet that the event happened to. */
  readonly skb: SkbView | null;
}

/** The rules that one piece of a chain's walk tried, each with what was checked. */
export interface TriedChain {
  readonly event: EventId;
  readonly family: HookFamily;
  readonly table: TableName;
  readonly chain: string;
  readonly policy: string | null;
  /** How many rules the chain has. */
  readonly length: number;
  /** What came of each rule, as an index of `TRIED_OUTCOMES`, and its line in the host's text (0 if a command made it). */
  readonly outcomes: Uint8Array;
  readonly lines: Int32Array;
  /**
   * The rules that were asked for, in order; of a chain of up to 256 rules, all. Those that this packet was not tried
   * against have outcome `not-reached`.
   */
  readonly rules: readonly TriedRule[];
}

/** A chain of a host. */
export interface ChainPlace {
  readonly host: string;
  readonly family: HookFamily;
  readonly table: TableName;
  readonly chain: string;
}

/** One rule of a chain, and what it made of the packet. */
export interface TriedRule extends RuleView {
  readonly outcome: 'matched' | 'failed' | 'unknown' | 'not-reached';
  readonly criteria: readonly Criterion[];
}

export interface ExecResult {
  readonly output: string;
  readonly error: string;
  readonly exit: number;
  /**
   * True if it changed any state or sent packets, so that it belongs into the lab: as a `run` step after the one that
   * the event belongs to. What is printed is what that step prints.
   */
  readonly step: boolean;
  /** True if it is a command that listens (`tcpdump`) and goes on: ask `live` for what it prints. */
  readonly live: boolean;
}

/** All that a command that listens has printed of a piece of a run. */
export interface LiveResult {
  readonly output: string;
  readonly error: string;
  /** True if nothing more will come. */
  readonly ended: boolean;
}

/**
 * The engine. In Node it works in-process; in the page the same methods go to a worker, so all are asynchronous there
 * (`AsyncEngine`). A method that concerns an event needs the run that made it: `load` first.
 */
export interface Engine {
  /** Reads a lab (any JSON value) and runs it. Throws `LabError` with diagnostics if it is no lab. */
  load(lab: unknown): RunResult;
  /** What is wrong in the texts of a lab, without running it: the run that was loaded stays. Throws as `load` does. */
  check(lab: unknown): readonly TextReport[];
  /** The state of all hosts just after an event (-1: at the start). */
  stateAt(event: EventId): WorldState;
  /** All members of a set just after an event, in the order of `ipset list`. */
  members(event: EventId, host: string, set: string): readonly SetMember[];
  /**
   * What each rule of the chain of a `rule` event made of the packet. Of a long chain, only rules of number `from` to `to`
   * are given in full; without these, those about the rule that decided.
   */
  tried(event: EventId, from?: number, to?: number): TriedChain;
  /** A chain as it stands just after an event, whether a packet came to it or not; nothing in it counts as tried. */
  chain(event: EventId, place: ChainPlace, from?: number, to?: number): TriedChain;
  /** One plain sentence for each event of a range. */
  explain(from: EventId, to: EventId): readonly Explanation[];
  /**
   * A command line on a host, in the state just after an event; if it changes anything or sends packets, after the step
   * that the event belongs to. Nothing of it stays.
   */
  exec(event: EventId, host: string, command: string): ExecResult;
  /**
   * All that a command that listens on a host prints of the events `from` to `to`-1. `stopped`: the person has ended it.
   * Null if the line is no such command.
   */
  live(host: string, command: string, from: EventId, to: EventId, stopped: boolean): LiveResult | null;
  /** What the word under the cursor (index `at`) of a command line may become. */
  complete(event: EventId, host: string, line: string, at: number): readonly Completion[];
  catalogue(): Catalogue;
  /** Lines of an iptables-save text (`-A …`), each taken apart into its options. Needs no run. */
  ruleForms(family: XtFamily, lines: readonly string[]): readonly RuleForm[];
  /** What makes no sense in an iptables-save text. Needs no run. */
  findings(family: XtFamily, text: string): readonly Finding[];
}

export type AsyncEngine = {
  readonly [K in keyof Engine]: (...args: Parameters<Engine[K]>) => Promise<ReturnType<Engine[K]>>;
};
