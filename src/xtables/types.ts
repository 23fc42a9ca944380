import type { Diagnostic } from '../base';
import type { ConntrackState } from '../conntrack';
import type { SetPort } from '../ipset';
import type { HookName, HostPort, TableName } from '../model';

/** Which tool's world: iptables or ip6tables. */
export type XtFamily = 'ip' | 'ip6';

export type Counters = readonly [packets: number, bytes: number];
/** The same in full: the kernel counts in 64 bits. */
export type Counters64 = readonly [packets: bigint, bytes: bigint];
export const ZERO_COUNTERS: Counters64 = Object.freeze([0n, 0n] as const);

/** Everything that a walk through a table needs of its host. */
export interface XtEnv {
  readonly port: HostPort;
  /** Null if the host has no connection tracking at all. */
  readonly ct: ConntrackState | null;
  readonly sets: SetPort | null;
  readonly tables: import('./state/tables').XtTables;
  /** Verbose: told of every rule that was tried, in order, before the `rule` event that ends the piece is emitted. */
  readonly verbose?: TriedCollector;
}

export interface TriedCollector {
  tried(rule: Tried): void;
  /** Whether the rules of a chain are told of now; without it all are. */
  wants?(table: TableName, chain: string): boolean;
  /** Whether the rule of this number is told of with its criteria; without it all are. */
  details?(number: number): boolean;
}

/** One criterion of a rule, held against a packet. */
export interface Criterion {
  /** As written: `-i eth0`, `--dport 443`, `! -s 10.0.0.0/8`. */
  readonly text: string;
  readonly outcome: 'yes' | 'no' | 'unknown' | 'not-tested';
  /** What the packet has instead: "the destination port is 80". '' if nothing to say. */
  readonly because: string;
}

/** What one rule made of a packet. */
export interface Tried {
  readonly table: TableName;
  readonly chain: string;
  /** From 1. */
  readonly number: number;
  readonly depth: number;
  readonly outcome: 'matched' | 'failed' | 'unknown';
  readonly criteria: readonly Criterion[];
}

/** What the tools look up outside of the ruleset when they read it. */
export interface XtContext {
  /** Sets of the host; null: none. Undefined: taken to exist, whatever their name. */
  readonly sets?: SetPort | null;
  /** Names of accounting objects (`nfacct`); undefined: none. */
  readonly nfacct?: readonly string[];
  /** Names of conntrack helpers; undefined: those that src/conntrack has. */
  readonly helpers?: readonly string[];
  /** An IPv6 address without the scope behind it, where the host has that scope. */
  readonly withoutScope?: (word: string) => string;
}

/** What a command line did. */
export interface CommandResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both as they come out of one pipe, if that is not what was said of errors and then what was printed. */
  readonly merged?: string;
  /** True if a ruleset, a policy or a counter was changed (also if a table came into being). */
  readonly changed: boolean;
  /** Of a restore that was refused: the line that the tool names. */
  readonly line?: number;
  /** Help is asked for at its end: the words of the line that does. */
  readonly help?: readonly string[];
  /** It would print the whole table as it lies in memory, too, and is not done. */
  readonly dumps?: true;
}

/** What became of a text when it was loaded. */
export interface LoadReport {
  /** What iptables-restore would have stumbled over first. */
  readonly refused: { readonly line: number; readonly message: string } | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Lines, from 1, that are left out of what is loaded. */
  readonly leftOut: readonly number[];
}

/** What form, completion and help need to know of every extension: plain data made from the records. */
export interface Catalogue {
  readonly matches: readonly ExtensionInfo[];
  readonly targets: readonly ExtensionInfo[];
  /** iptables' own options: `-s`, `-d`, `-i`, `-o`, `-p`, `-f`. */
  readonly rule: ExtensionInfo;
  /** ACCEPT, DROP, RETURN, QUEUE: targets without options. */
  readonly verdicts: readonly ExtensionInfo[];
}

export interface ExtensionInfo {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  /**
   * `full`: modelled; `parsed`: read and printed back, but a packet that reaches it becomes uncertain; `absent`: read, and
   * refused as the kernel does that lacks it.
   */
  readonly support: 'full' | 'parsed' | 'absent';
  readonly families: readonly XtFamily[];
  readonly tables: readonly TableName[] | null;
  readonly hooks: readonly HookName[] | null;
  readonly protocols: readonly string[] | null;
  readonly options: readonly OptionInfo[];
}

export interface OptionInfo {
  readonly flag: string;
  readonly aliases: readonly string[];
  readonly kind: string;
  readonly values: readonly string[];
  readonly negatable: boolean;
  readonly required: boolean;
  /** The value may be left out; the option takes two values; it may be given more than once. */
  readonly optional: boolean;
  readonly twoValues: boolean;
  readonly repeatable: boolean;
  /** Names of options that it does not go with, and that it needs. */
  readonly excludes: readonly string[];
  readonly needs: readonly string[];
  readonly help: string;
}

/** A rule line taken apart, for a form. */
export interface RuleForm {
  /** The line that it was made from. */
  readonly line: string;
  /** Letter of the command, `A` as a rule; '' if there is none. */
  readonly command: string;
  readonly chain: string;
  /** In the order of the line. */
  readonly parts: readonly RulePart[];
}

/** One option of a rule, with its values. */
export interface RulePart {
  /** Whose option it is: `rule` for iptables' own (`-s`, `-i` …). */
  readonly type: 'rule' | 'match' | 'target' | 'unknown';
  /** Name of the match or target; '' for iptables' own options, verdicts, chains, and where it is not known. */
  readonly extension: string;
  /** Which of the uses of that match in the rule, from 0. */
  readonly index: number;
  /** Canonical name without dashes (`source`, `dport`); '' for the `-m` or `-j` itself, and where it is not known. */
  readonly flag: string;
  /** As typed: `-s`, `--destination-port`. */
  readonly written: string;
  /** Without quotes. */
  readonly values: readonly string[];
  readonly negated: boolean;
  /** Columns in the line, from 0: from the `!` if there is one to the end of the last value. */
  readonly start: number;
  readonly end: number;
}

/** Something in a ruleset that makes no sense, whatever packets come. */
export interface Finding {
  readonly kind:
    | 'after-verdict'
    | 'shadowed'
    | 'duplicate'
    | 'uncalled'
    | 'interface'
    | 'empty-jump'
    | 'nat-policy'
    | 'replies'
    | 'neighbours';
  readonly table: TableName;
  /** Line of the text, from 1. */
  readonly line: number;
  /** The line that is the reason; 0 if there is none. */
  readonly because: number;
  /** One sentence for a person. */
  readonly message: string;
}
