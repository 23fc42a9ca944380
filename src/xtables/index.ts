/**
 * xtables: iptables and ip6tables rulesets — read, checked, printed, changed by command, walked by packets.
 */

import type { Diagnostic } from '../base';
import type { ExtensionInfo } from '../engine/api';
import type { HookAnswer, HookState, Skb, TableName } from '../model';
import type { XtTables } from './state/tables';
import type { CommandResult, Counters, LoadReport, XtContext, XtEnv, XtFamily } from './types';

export { XtTables } from './state/tables';
export * from './types';

function todo(): never {
  throw new Error('not written yet');
}

/** A text of iptables-save form, read line by line. Nothing of the text is lost. */
export interface SaveDocument {
  readonly family: XtFamily;
  readonly text: string;
  /** Every mistake that shows without loading: those of the tool (`toolLine` is `line`). */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads iptables-save text. Never fails: what is wrong is in `diagnostics`. */
export const parseSave: (
  text: string,
  options: { readonly family: XtFamily; readonly context?: XtContext },
) => SaveDocument = todo;
/** The bytes that were read. */
export const printSave: (document: SaveDocument) => string = todo;

/**
 * Replaces the tables that the document names (as iptables-restore does), leaving out every line that is wrong, and says
 * what the real tool would have refused. Counters start at 0.
 */
export const loadDocument: (tables: XtTables, document: SaveDocument, context?: XtContext) => LoadReport = todo;

/** Canonical text: what `iptables-save` prints, without its comment lines. */
export const saveText: (
  tables: XtTables,
  options?: { readonly counters?: boolean; readonly table?: TableName },
) => string = todo;

export interface RestoreOptions {
  readonly noflush?: boolean;
  readonly counters?: boolean;
  readonly test?: boolean;
  /** -T: this table only. */
  readonly table?: string;
}
/** `iptables-restore`, as the real tool: stops at the first error; tables committed before it stay. */
export const restore: (tables: XtTables, text: string, options?: RestoreOptions, context?: XtContext) => CommandResult =
  todo;

/** `iptables ARGS…` (argv without the program's name): every command, -L and -S included. */
export const runCommand: (tables: XtTables, args: readonly string[], context?: XtContext) => CommandResult = todo;

/**
 * Walks a packet through the chains of a table at a hook. Answers accept if the table does not exist.
 * Kernel: ipt_do_table(), net/ipv4/netfilter/ip_tables.c; ip6t_do_table()
 */
export const iptDoTable: (env: XtEnv, skb: Skb, state: HookState, table: TableName) => HookAnswer = todo;

/** Whether a rule, reached or not, makes conntrack active for this family. */
export const needsConntrack: (tables: XtTables) => boolean = todo;
/** Whether a rule makes fragments be put together, though conntrack is off (socket, TPROXY). */
export const needsDefrag: (tables: XtTables) => boolean = todo;

/** One rule of a chain, for the page. */
export interface RuleView {
  readonly number: number;
  /** As iptables-save prints it, without `-A CHAIN`. */
  readonly text: string;
  /** Line of the text that it came from, from 1; 0 if a command made it. */
  readonly line: number;
  readonly comment: string;
  /** Target with its options; '' if none. */
  readonly target: string;
  readonly counters: Counters;
}
export interface ChainView {
  readonly name: string;
  /** Null for a user chain. */
  readonly policy: 'ACCEPT' | 'DROP' | null;
  readonly policyCounters: Counters;
  readonly rules: readonly RuleView[];
}
export const chainView: (tables: XtTables, table: TableName, chain: string) => ChainView | null = todo;

/** Counters that are not 0 by the names of a recording: `nat PREROUTING 1`, `filter INPUT policy`; ip6 with `ip6 `. */
export const recordedCounters: (tables: XtTables) => Record<string, Counters> = todo;

/** State that matches keep, by `nat PREROUTING 1`: what `limit`, `quota`, `recent` … stand at. */
export const ruleState: (
  tables: XtTables,
  now: number,
) => Record<string, readonly { readonly what: string; readonly value: string }[]> = todo;

/** What form, completion and help need of every extension. */
export const catalogue: () => {
  readonly matches: readonly ExtensionInfo[];
  readonly targets: readonly ExtensionInfo[];
} = todo;
