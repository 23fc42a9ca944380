import type { ConntrackState } from '../conntrack';
import type { HookAnswer, HookName, HookOps, HookState, HostPort, RuleVerdict, Skb, TableName } from '../model';
import type { Read, Refusal } from './refusal';
import type { Criterion, XtContext, XtEnv, XtFamily } from './types';

/**
 * One extension, one record: a match or a target with its options declared as data. Parser, printer, catalogue and the
 * checks of the tools and of the kernel all work from it.
 */

/** How the text of an option's value is read. */
export interface Kind<T> {
  /** What a form shows: `uint`, `ports`, `address` … */
  readonly name: string;
  /** The words that may stand there, if they can be listed. */
  readonly values?: readonly string[];
  /** The option takes a second word; what the tool says if it is missing. */
  readonly second?: string;
  /** The value may be left out, and then reads as ''. */
  readonly optional?: true;
  readonly read: (text: string, call: ReadCall) => Read<T>;
}

/** What the reader of a value is told. */
export interface ReadCall {
  readonly extension: string;
  /** Canonical name of the option, without dashes. */
  readonly flag: string;
  readonly negated: boolean;
  /** The second word, '' if the kind has none. */
  readonly second: string;
  /** The value was left out. */
  readonly absent: boolean;
  readonly family: XtFamily;
  /** Of `-p`, as far as it was given before this option. */
  readonly protocol: number;
  readonly protocolNegated: boolean;
  readonly context: XtContext;
}

export interface OptionSpec<T = unknown> {
  /** Null: the option stands alone. */
  readonly kind: Kind<T> | null;
  readonly aliases: readonly string[];
  readonly negatable: boolean;
  readonly required: boolean;
  /** May be given more than once. */
  readonly repeatable: boolean;
  /** Options that it cannot go together with, and that it needs. */
  readonly excludes: readonly string[];
  readonly needs: readonly string[];
  readonly help: string;
  /** What the tool says when it is given twice, where that is not the usual sentence. */
  readonly twice: string | null;
  /** Others that the tool takes for the same one, as it is given. */
  readonly rivals: readonly string[];
  /** Whether an option before it has given it along. */
  readonly givenBy: ((before: Uses<OptionSpecs>) => boolean) | null;
  /** What the tool says of a `!` in front, where that is not the usual sentence; '' if it takes no notice of it. */
  readonly onNot: string | null;
  /** That is said before that it is given twice. */
  readonly notFirst: boolean;
  /** The name that complaints use, where the tool lists another one first (`source-port` for `sport`). */
  readonly spoken: string | null;
  /** What the tool remarks when it takes the option; `name` is the name as written. */
  readonly warning: ((name: string, text: string, family: XtFamily) => string | null) | null;
  /** What the tool remarks of it once the whole line is read. */
  readonly remark: string | null;
  /** What the tool complains about as it takes the option, in view of those that stand before it. */
  readonly taken: ((before: Uses<OptionSpecs>, value: unknown) => Refusal | null) | null;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** An option as it was used. */
export interface Use<T> {
  readonly value: T;
  readonly negated: boolean;
  /** Counts the options of this match or target as they were given, from 0. */
  readonly order: number;
  /** Earlier uses of a repeatable option, in order; the last is this one. */
  readonly all: readonly { readonly value: T; readonly negated: boolean; readonly order: number }[];
}

type ValueOf<S> = S extends OptionSpec<infer T> ? T : never;
export type Uses<O extends OptionSpecs> = { readonly [K in keyof O]?: Use<ValueOf<O[K]>> };

type OptionMore = Partial<Omit<OptionSpec, 'kind' | 'help'>>;

/** An option with a value. */
export function option<T>(kind: Kind<T>, help: string, more: OptionMore = {}): OptionSpec<T> {
  return { ...OPTION_DEFAULTS, kind, help, ...more };
}

/** An option that stands alone. */
export function flag(help: string, more: OptionMore = {}): OptionSpec<true> {
  return { ...OPTION_DEFAULTS, kind: null, help, ...more };
}

const OPTION_DEFAULTS = {
  aliases: [],
  negatable: false,
  required: false,
  repeatable: false,
  excludes: [],
  needs: [],
  twice: null,
  rivals: [],
  givenBy: null,
  onNot: null,
  notFirst: false,
  spoken: null,
  warning: null,
  remark: null,
  taken: null,
} as const;

/** A parsed extension: a frozen plain object that only its own record understands. */
export type Config = object;

/** What is known of the rule when its options are all read. */
export interface RuleCall {
  readonly family: XtFamily;
  readonly protocol: number;
  readonly protocolNegated: boolean;
  readonly context: XtContext;
}

export interface PrintCall {
  readonly family: XtFamily;
  /** `iptables -L` without -n prints names. */
  readonly numeric: boolean;
  readonly protocol: number;
}

/** Errors that the kernel gives when a table is replaced. */
export type LoadError = 'EINVAL' | 'ENOENT' | 'ERANGE' | 'ELOOP' | 'EOPNOTSUPP' | 'EEXIST' | 'ENOMEM' | 'EBUSY';

/** What the kernel knows when it checks an extension. Kernel: struct xt_mtchk_param, xt_tgchk_param */
export interface CheckCall {
  readonly family: XtFamily;
  readonly table: TableName;
  /** Hooks from which the rule can be reached. */
  readonly hooks: readonly HookName[];
  readonly protocol: number;
  readonly protocolNegated: boolean;
  readonly context: XtContext;
  /** The matches of the rule. */
  readonly matches: readonly { readonly match: Match; readonly config: Config }[];
  /** Of targets before this rule, and in other tables, that share this name: the options of the first; null if none. */
  readonly named: (name: string) => Config | null;
}

/** What a match or target sees when a packet reaches it. Kernel: struct xt_action_param */
export interface XtAction {
  readonly env: XtEnv;
  readonly skb: Skb;
  readonly state: HookState;
  readonly family: XtFamily;
  readonly table: TableName;
  /** Offset of this fragment (IPv4: in units of 8 bytes; IPv6: in bytes); 0 for the first and for whole packets. */
  fragoff: number;
  /** Offset of the transport header. */
  thoff: number;
  /** Set by a match: the packet is dropped at once. */
  hotdrop: boolean;
  /** What this one use of the extension keeps from packet to packet; made at its first use after a load. */
  keep<T extends object>(make: () => T): T;
  /** What all rules of the family that give the same name keep together; `shares` must name it. */
  share<T extends object>(name: string, make: () => T): T;
}

/** A hook function that a family has as long as one of its rules uses the extension. Frozen. */
export interface ExtensionHook extends Pick<HookOps<HookHost>, 'name' | 'hook' | 'priority' | 'subsystem'> {
  readonly fn: (host: HookHost, skb: Skb, state: HookState) => HookAnswer;
}

/** What such a function knows of its host. */
export interface HookHost extends HostPort {
  readonly ct: ConntrackState;
}

export interface ExtensionBase {
  readonly name: string;
  /** A few words for lists: "TCP", "Connection state". */
  readonly title: string;
  readonly help: string;
  /**
   * `full`: modelled. `parsed`: read and printed back; a packet that reaches it becomes uncertain. `absent`: read, and
   * refused as the kernel does that lacks it.
   */
  readonly support: 'full' | 'parsed' | 'absent';
  readonly families: readonly XtFamily[];
  /** Null: everywhere. The kernel refuses it elsewhere. */
  readonly tables: readonly TableName[] | null;
  readonly hooks: readonly HookName[] | null;
  readonly protocols: readonly number[] | null;
  readonly options: OptionSpecs;
  /** Not in the kernel that the engine is compared with: loading fails. */
  readonly absent: boolean;
  /** A rule with it makes conntrack active. */
  readonly conntrack: (config: Config) => boolean;
  /** A rule with it makes fragments be put together. */
  readonly defrag: boolean;
  /** What is registered while there is a rule with it; such a rule makes conntrack active as well. */
  readonly functions: readonly ExtensionHook[] | null;
  /** A rule with it makes connections be counted. Kernel: nf_ct_set_acct() */
  readonly accounting: boolean;
  /** Names of the sets that a rule with it refers to; null if it never refers to any. */
  readonly sets: ((config: Config) => readonly string[]) | null;
  /** What it complains about before a missing option is noticed. */
  readonly before: (uses: Uses<OptionSpecs>) => Refusal | null;
  readonly parse: (uses: Uses<OptionSpecs>, call: RuleCall) => Read<Config>;
  /** The options as iptables-save prints them, each with a space in front. */
  readonly print: (config: Config, call: PrintCall) => string;
  /** As `iptables -L` prints it, with a space in front; '' if nothing. */
  readonly list: (config: Config, call: PrintCall) => string;
  /** What -D and -C compare, as text: most that is printed, but some extensions name less, or keep more. */
  readonly compared: (config: Config, call: PrintCall) => string;
  /** Other names under which a rule can ask for it (`icmpv6` for `icmp6`). */
  readonly aliases: readonly string[];
  /** The name that a rule prints: `-m state` is a conntrack match that prints as `state`. */
  readonly printName: (config: Config) => string;
  readonly check: (config: Config, call: CheckCall) => LoadError | null;
  /** False if it is allowed wherever it can be written. */
  readonly checked: boolean;
  /** Whether it is allowed hangs on more than the rule and its place: on sets, say, or on other rules. */
  readonly contextual: boolean;
  /** False if nothing outside of its rule has to know that it is used: it keeps nothing, shares nothing, needs nothing. */
  readonly noticed: boolean;
  /** Name, among all tables of the family, of what it shares with other rules; null if nothing. */
  readonly shares: (config: Config) => string | null;
  /** What is kept under that name as a rule is loaded; `kept` is null for the first. Null: the first packet makes it. */
  readonly setUp: ((config: Config, kept: object | null) => object) | null;
  /** What it keeps, in words for a person (`3 of 5 packets left`); `kept` is null before the first packet. */
  readonly stateText: (config: Config, kept: object | null, now: number) => Kept | string | null;
}

/** What an extension keeps, for a person. */
export interface Kept {
  readonly text: string;
  /** How much is left of what it gives out, from 0 to 1. */
  readonly share?: number;
  /** Of a list or table, its entries, those that were used last at the end. */
  readonly rows?: readonly { readonly key: string; readonly text: string; readonly share?: number }[];
}

export interface Match extends ExtensionBase {
  readonly type: 'match';
  /** Does something that is seen later (counts, remembers): an index must not skip over it. */
  readonly sideEffect: boolean;
  /** The one destination port that a packet must have to match, or null: an index may sort rules by it. */
  readonly onlyPort: (config: Config) => number | null;
  /** Null: cannot be told, for it is not modelled. Never changes the packet. */
  readonly match: (config: Config, action: XtAction) => boolean | null;
  /** Each criterion held against the packet; asked after `match`, whose answer is `matched`. */
  readonly explain: (config: Config, action: XtAction, matched: boolean | null) => readonly Criterion[];
}

/** What a target answers: a verdict of the hook, or that the walk goes on. */
export type TargetAnswer = HookAnswer | 'continue' | 'return';

export interface Target extends ExtensionBase {
  readonly type: 'target';
  /** How the packet leaves a rule with this target, if nothing goes wrong. */
  readonly verdict: RuleVerdict;
  readonly act: (config: Config, action: XtAction) => TargetAnswer;
}

interface BaseSpec<O extends OptionSpecs, C extends Config> {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly families?: readonly XtFamily[];
  readonly tables?: readonly TableName[];
  readonly hooks?: readonly HookName[];
  readonly protocols?: readonly number[];
  readonly options: O;
  readonly absent?: boolean;
  readonly conntrack?: boolean | ((config: C) => boolean);
  readonly defrag?: boolean;
  readonly functions?: readonly ExtensionHook[];
  readonly accounting?: boolean;
  readonly sets?: (config: C) => readonly string[];
  readonly before?: (uses: Uses<O>) => Refusal | null;
  readonly parse: (uses: Uses<O>, call: RuleCall) => Read<C>;
  readonly print: (config: C, call: PrintCall) => string;
  readonly list?: (config: C, call: PrintCall) => string;
  readonly compared?: (config: C, call: PrintCall) => string;
  readonly aliases?: readonly string[];
  readonly printName?: (config: C) => string;
  readonly check?: (config: C, call: CheckCall) => LoadError | null;
  /** `check` looks at the context. What shares or refers to sets is contextual in any case. */
  readonly contextual?: boolean;
  readonly shares?: (config: C) => string | null;
  readonly setUp?: (config: C, kept: object | null) => object;
  readonly stateText?: (config: C, kept: object | null, now: number) => Kept | string | null;
}

interface MatchSpec<O extends OptionSpecs, C extends Config> extends BaseSpec<O, C> {
  readonly sideEffect?: boolean;
  readonly onlyPort?: (config: C) => number | null;
  /** Absent: not modelled. Null: cannot be told for this packet. */
  readonly match?: (config: C, action: XtAction) => boolean | null;
  readonly explain?: (config: C, action: XtAction, matched: boolean | null) => readonly Criterion[];
  /** What the packet has instead, if it does not match (or does, against a `!`). */
  readonly because?: (config: C, action: XtAction) => string;
}

interface TargetSpec<O extends OptionSpecs, C extends Config> extends BaseSpec<O, C> {
  readonly verdict: RuleVerdict;
  /** Absent: not modelled. */
  readonly act?: (config: C, action: XtAction) => TargetAnswer;
}

const BOTH: readonly XtFamily[] = ['ip', 'ip6'];

function base<O extends OptionSpecs, C extends Config>(spec: BaseSpec<O, C>, modelled: boolean): ExtensionBase {
  const needs = spec.conntrack ?? false;
  const config = (c: Config): C => c as C;
  return {
    name: spec.name,
    title: spec.title,
    help: spec.help,
    support: spec.absent ? 'absent' : modelled ? 'full' : 'parsed',
    families: spec.families ?? BOTH,
    tables: spec.tables ?? null,
    hooks: spec.hooks ?? null,
    protocols: spec.protocols ?? null,
    options: spec.options,
    absent: spec.absent ?? false,
    conntrack: typeof needs === 'boolean' ? () => needs : (c) => needs(config(c)),
    defrag: spec.defrag ?? false,
    functions: spec.functions ?? null,
    accounting: spec.accounting ?? false,
    sets: (spec.sets as ExtensionBase['sets'] | undefined) ?? null,
    before: (uses) => spec.before?.(uses as Uses<O>) ?? null,
    parse: (uses, call) => spec.parse(uses as Uses<O>, call),
    print: (c, call) => spec.print(config(c), call),
    list: (c, call) => (spec.list ?? spec.print)(config(c), call),
    compared: (c, call) => (spec.compared ?? spec.print)(config(c), call),
    aliases: spec.aliases ?? [],
    printName: (c) => spec.printName?.(config(c)) ?? spec.name,
    check: (c, call) => spec.check?.(config(c), call) ?? null,
    checked: Boolean(spec.check ?? spec.tables ?? spec.hooks ?? spec.protocols ?? spec.absent),
    contextual: Boolean(spec.contextual || spec.shares || spec.sets),
    noticed: Boolean(needs || spec.defrag || spec.accounting || spec.sets || spec.shares || spec.stateText),
    shares: (c) => spec.shares?.(config(c)) ?? null,
    setUp: (spec.setUp as ExtensionBase['setUp'] | undefined) ?? null,
    stateText: (c, kept, now) => spec.stateText?.(config(c), kept, now) ?? null,
  };
}

export function defineMatch<const O extends OptionSpecs, C extends Config>(spec: MatchSpec<O, C>): Match {
  const config = (c: Config): C => c as C;
  const shared = base(spec, spec.match !== undefined);
  const whole: Match['explain'] = (c, action, matched) => {
    const call: PrintCall = { family: action.family, numeric: true, protocol: action.skb.packet.protocol };
    const options = shared.print(c, call);
    return [
      {
        text: options === '' ? `-m ${shared.printName(c)}` : options.trimStart(),
        outcome: matched === null ? 'unknown' : matched ? 'yes' : 'no',
        because: matched === null ? 'this match is not modelled' : (spec.because?.(config(c), action) ?? ''),
      },
    ];
  };
  return {
    ...shared,
    type: 'match',
    sideEffect: spec.sideEffect ?? false,
    onlyPort: (c) => spec.onlyPort?.(config(c)) ?? null,
    match: (spec.match ?? (() => null)) as Match['match'],
    explain: (spec.explain as Match['explain'] | undefined) ?? whole,
  };
}

export function defineTarget<const O extends OptionSpecs, C extends Config>(spec: TargetSpec<O, C>): Target {
  const act: Target['act'] = (_, action) => {
    action.skb.uncertain = true;
    action.env.port.emit(action.skb, { type: 'not-modelled', what: `-j ${spec.name}` });
    return 'continue';
  };
  return {
    ...base(spec, spec.act !== undefined),
    type: 'target',
    verdict: spec.verdict,
    act: (spec.act as Target['act'] | undefined) ?? act,
  };
}

/** A criterion that was held against the packet. */
export function criterion(text: string, met: boolean | null, because: string): Criterion {
  return { text, outcome: met === null ? 'unknown' : met ? 'yes' : 'no', because };
}

/** `! ` in front of what is negated. */
export function not(negated: boolean): string {
  return negated ? ' !' : '';
}
