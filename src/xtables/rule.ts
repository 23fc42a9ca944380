import type { TableName } from '../model';
import type { Config, Match, Target } from './record';

/**
 * A rule as it runs: frozen, shared by every checkpoint, with nothing in it that changes. Counters and what matches keep
 * live in the table (state/table.ts).
 */
export interface Rule {
  readonly src: AddrTest | null;
  readonly dst: AddrTest | null;
  readonly iif: IfaceTest | null;
  readonly oif: IfaceTest | null;
  /** 0: any. */
  readonly protocol: number;
  readonly protocolNegated: boolean;
  /** `-f`; IPv4 only. */
  readonly fragment: 'any' | 'later' | 'first';
  readonly matches: readonly MatchUse[];
  readonly target: RuleTarget;
  /** Line of the text that it came from, from 1; 0 if a command made it. */
  readonly line: number;
}

/** Address bits that count, as four words (an IPv4 address is the first); `a` is masked already. */
export interface AddrTest {
  readonly a0: number;
  readonly a1: number;
  readonly a2: number;
  readonly a3: number;
  readonly m0: number;
  readonly m1: number;
  readonly m2: number;
  readonly m3: number;
  readonly negated: boolean;
}

export interface IfaceTest {
  /** As written, `+` included. */
  readonly text: string;
  /** What the name begins with, if `wild`; else the name. */
  readonly name: string;
  readonly wild: boolean;
  readonly negated: boolean;
}

export interface MatchUse {
  readonly match: Match;
  readonly config: Config;
}

export type StandardVerdict = 'ACCEPT' | 'DROP' | 'QUEUE' | 'RETURN';

const VERDICTS: ReadonlySet<string> = new Set<StandardVerdict>(['ACCEPT', 'DROP', 'QUEUE', 'RETURN']);

export function isVerdict(name: string): name is StandardVerdict {
  return VERDICTS.has(name);
}

export type RuleTarget =
  | { readonly kind: 'none' }
  | { readonly kind: 'verdict'; readonly verdict: StandardVerdict }
  | { readonly kind: 'chain'; readonly chain: string; readonly goto: boolean }
  | { readonly kind: 'extension'; readonly target: Target; readonly config: Config };

export const NO_TARGET: RuleTarget = Object.freeze({ kind: 'none' });

/** The name of a target as events and lists show it. */
export function targetName(target: RuleTarget): string {
  switch (target.kind) {
    case 'none':
      return '';
    case 'verdict':
      return target.verdict;
    case 'chain':
      return target.chain;
    case 'extension':
      return target.target.printName(target.config);
  }
}

/** Tables in the order in which the tools list them. */
export const TABLE_NAMES: readonly TableName[] = ['filter', 'nat', 'mangle', 'raw', 'security'];

export function isTableName(name: string): name is TableName {
  return (TABLE_NAMES as readonly string[]).includes(name);
}

/** True if the rule tests nothing. Kernel: unconditional() */
export function unconditional(rule: Rule): boolean {
  return (
    rule.src === null &&
    rule.dst === null &&
    rule.iif === null &&
    rule.oif === null &&
    rule.protocol === 0 &&
    rule.fragment === 'any' &&
    rule.matches.length === 0
  );
}
