import type { Host } from '../host';
import type { Talk } from './net';

/** What a command line did. */
export interface ShellResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Both as a terminal shows them. */
  readonly shown: string;
  readonly exit: number;
  /** True if it changed any state of the host. */
  readonly changed: boolean;
  /** What of it is not modelled: a command, an option, a construct of the shell. Then nothing of that was done. */
  readonly notModelled: readonly string[];
}

export interface CommandInput {
  readonly host: Host;
  /** Name as it was called. */
  readonly name: string;
  /** What follows the name. */
  readonly args: readonly string[];
  readonly stdin: string;
}

export interface CommandOutput {
  readonly stdout?: string;
  readonly stderr?: string;
  /** Both in the order in which a terminal shows them, if that is not what was printed and then what was said of errors. */
  readonly shown?: string;
  /** Both as they come out of one pipe, if that is not what was said of errors and then what was printed. */
  readonly merged?: string;
  /** Default 0. */
  readonly exit?: number;
  readonly changed?: boolean;
  /** Set if this cannot be done here: then nothing of it was done; `changed` is what came before it in the same text. */
  readonly notModelled?: string;
}

interface CommandHead {
  /** All names that it is called by, the usual one first. */
  readonly names: readonly string[];
  /** One line. */
  readonly help: string;
  /** It only says why it is not modelled: not in lists of commands. */
  readonly hidden?: true;
}

/** A command that works on the host alone. */
export interface LocalCommand extends CommandHead {
  readonly run: (input: CommandInput) => CommandOutput;
}

/** A command that sends packets, and says what came back. */
export interface TalkCommand extends CommandHead {
  readonly talk: (input: CommandInput) => Talk<CommandOutput>;
}

/** One command of the shell. */
export type Command = LocalCommand | TalkCommand;
