import type { Rule } from '../rule';
import type { Counters64 } from '../types';

/** These end the program where they stand: of `-V`, `! -V` and `-h`. */
export type Farewell = 'version' | 'not-version' | 'help';

export function isFarewell(name: CommandName | null): name is Farewell {
  return name === 'version' || name === 'not-version' || name === 'help';
}

/** What a command line of iptables asks for. */
export type CommandName =
  | 'append'
  | 'check'
  | 'delete'
  | 'delete-number'
  | 'replace'
  | 'insert'
  | 'list'
  | 'list-rules'
  | 'flush'
  | 'zero'
  | 'zero-number'
  | 'new-chain'
  | 'delete-chain'
  | 'rename-chain'
  | 'policy'
  | Farewell
  /** A line for the other family (`-6` in iptables-restore). */
  | 'none';

export interface Command {
  readonly name: CommandName;
  readonly table: string;
  readonly chain: string;
  /** No chain was named: the command is about all of them. */
  readonly everyChain: boolean;
  /** 0 if none was given. */
  readonly number: number;
  readonly newName: string;
  readonly policy: string;
  /** -Z beside -L or -S. */
  readonly zero: 'no' | 'all' | 'number';
  readonly verbose: number;
  readonly numeric: boolean;
  readonly exact: boolean;
  readonly lineNumbers: boolean;
  readonly counters: Counters64 | null;
  /** One for each pair of addresses in the lists of -s and -d. */
  readonly rules: readonly Rule[];
  /** What the tool says on standard error though it goes on. */
  readonly warnings: readonly string[];
}
