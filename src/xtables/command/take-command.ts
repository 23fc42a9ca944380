import { readUint } from '../read/numbers';
import { Refusal } from '../refusal';
import { findTarget, type Registry } from '../registry';
import { isVerdict } from '../rule';
import type { CommandName } from './command';
import type { LineState } from './line';
import { COMMANDS } from './options';

/** Longest name of a chain, match or target, with its end. Kernel: XT_EXTENSION_MAXNAMELEN */
export const MAX_NAME = 29;

export type CommandLetter = keyof typeof COMMANDS;

/** Takes `-A CHAIN`, `-P CHAIN POLICY` and the like. Kernel side: do_parse(), add_command() */
export function takeCommand(
  line: LineState,
  letter: CommandLetter,
  argument: string | null,
  invert: boolean,
  registry: Registry,
): Refusal | null {
  const name = COMMANDS[letter];
  const bad = name === 'new-chain' && argument !== null ? badChainName(argument, registry) : null;
  if (bad !== null) return bad;
  if (invert) return new Refusal('misplaced-not', "unexpected '!' flag");
  const before = line.command;
  if (before !== null && !goesWith(name, before)) {
    return new Refusal('two-commands', `Cannot use -${letter} with -${letterOf(before)}`);
  }
  const chain = argument ?? line.spare();
  if (chain !== null) {
    line.chain = chain;
    line.everyChain = false;
    line.chainAt = line.at;
  }
  const refusal = takeSecondName(line, letter);
  if (refusal !== null) return refusal;
  const command = takeNumber(line, letter, name);
  if (command instanceof Refusal) return command;
  if (before === 'list' || before === 'list-rules') line.zero = command === 'zero-number' ? 'number' : 'all';
  else {
    if (before !== null) line.zero = before === 'zero-number' ? 'number' : 'all';
    line.command = command;
  }
  return null;
}

/** Only -Z goes with another command: with -L and -S. */
function goesWith(name: CommandName, before: CommandName): boolean {
  const listing = (n: CommandName): boolean => n === 'list' || n === 'list-rules';
  return (listing(name) && (before === 'zero' || before === 'zero-number')) || (name === 'zero' && listing(before));
}

function letterOf(name: CommandName): string {
  if (name === 'delete-number') return 'D';
  if (name === 'zero-number') return 'Z';
  return Object.entries(COMMANDS).find(([, n]) => n === name)?.[0] ?? '?';
}

function takeSecondName(line: LineState, letter: CommandLetter): Refusal | null {
  if (letter !== 'E' && letter !== 'P') return null;
  const word = line.spare();
  if (word === null) {
    const wants = letter === 'E' ? 'old-chain-name and new-chain-name' : 'a chain and a policy';
    return new Refusal('argument-missing', `-${letter} requires ${wants}`);
  }
  if (letter === 'E') line.newName = word;
  else line.policy = word;
  return null;
}

function takeNumber(line: LineState, letter: CommandLetter, name: CommandName): CommandName | Refusal {
  if (!'DRILSZ'.includes(letter)) return name;
  const word = line.spare();
  if (word === null) {
    if (letter === 'R') return new Refusal('argument-missing', '-R requires a rule number');
    if (letter === 'I') line.number = 1;
    return name;
  }
  const number = readUint(word, 1, 0x7fff_ffff);
  if (number === null) return new Refusal('bad-number', `Invalid rule number \`${word}'`);
  line.number = number;
  if (letter === 'D') return 'delete-number';
  return letter === 'Z' ? 'zero-number' : name;
}

/** Kernel side: assert_valid_chain_name() */
function badChainName(name: string, registry: Registry): Refusal | null {
  if (name.length >= MAX_NAME) return chainTooLong(name);
  if (name.startsWith('-') || name.startsWith('!')) {
    return new Refusal('chain-name', `chain name not allowed to start with \`${name[0]}'`);
  }
  if (isVerdict(name) || name === '' || findTarget(registry, name) !== undefined) {
    return new Refusal('chain-name', 'chain name may not clash with target name');
  }
  return /\s/.test(name) ? new Refusal('chain-name', `Invalid chain name \`${name}'`) : null;
}

export function chainTooLong(name: string): Refusal {
  return new Refusal('chain-name', `chain name \`${name}' too long (must be under ${MAX_NAME} chars)`);
}
