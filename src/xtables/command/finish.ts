import { nearest } from '../../base';
import { readAddresses } from '../read/address';
import { Refusal } from '../refusal';
import { type Registry, wholeOnly } from '../registry';
import { isVerdict, type MatchUse, NO_TARGET, type Rule, type RuleTarget, type StandardVerdict } from '../rule';
import { type Command, type CommandName, isFarewell } from './command';
import { bitLetters, type LineState, letterBit, lettersBits } from './line';
import { ILLEGAL } from './options';
import type { ReadCommand, ReaderWorld } from './reader';
import { chainTooLong, MAX_NAME } from './take-command';

/** What comes behind the last word of a line: what must hold between options, and the rules that come of it. */

const [S, D, F, N, X, NUMBERS] = [...'sdfnx0'].map(letterBit) as [number, number, number, number, number, number];

const ILLEGAL_BITS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(ILLEGAL).map(([command, letters]) => [command, lettersBits(letters)]),
);

const TAKES_RULE: ReadonlySet<string> = new Set(['append', 'delete', 'check', 'insert', 'replace']);

const VERDICTS: Readonly<Record<StandardVerdict, RuleTarget>> = {
  ACCEPT: Object.freeze({ kind: 'verdict', verdict: 'ACCEPT' }),
  DROP: Object.freeze({ kind: 'verdict', verdict: 'DROP' }),
  QUEUE: Object.freeze({ kind: 'verdict', verdict: 'QUEUE' }),
  RETURN: Object.freeze({ kind: 'verdict', verdict: 'RETURN' }),
};

/** Jumps to chains, by name: lines share them. */
export interface ChainTargets {
  readonly jump: Map<string, RuleTarget>;
  readonly goto: Map<string, RuleTarget>;
}

/** Kernel side: do_parse(), from its end on */
export function checkLine(line: LineState, world: ReaderWorld): Refusal | null {
  if (isFarewell(line.command)) return null;
  if (line.table === 'nat' && (line.policy === 'DROP' || line.jumpto === 'DROP')) {
    if (line.jumpto === 'DROP') line.at = line.jumpAt;
    return new Refusal(
      'drop-in-nat',
      '\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n',
    );
  }
  if (!line.wait && line.waitInterval) {
    return new Refusal('options-clash', '--wait-interval only makes sense with --wait\n');
  }
  const unfinished = finishExtensions(line, world);
  if (unfinished !== null) return unfinished;
  if (line.next < line.words.length) {
    line.at = line.next;
    return new Refusal('bad-argument', 'unknown arguments found on commandline');
  }
  if (line.command === null) return new Refusal('no-command', 'no command specified');
  if (line.danglingNot) return new Refusal('misplaced-not', 'nothing appropriate following !');
  return takeAddresses(line, world) ?? checkTogether(line, line.command);
}

function finishExtensions(line: LineState, { family, context }: ReaderWorld): Refusal | null {
  if (line.matches.length === 0 && line.target === null) return null;
  const call = { family, protocol: line.protocol, protocolNegated: line.protocolNegated, context };
  const uses: MatchUse[] = [];
  for (const loaded of line.matches) {
    const config = loaded.finish(call, line);
    if (config instanceof Refusal) {
      line.at = loaded.at;
      return config;
    }
    uses.push(Object.freeze({ match: loaded.record, config: Object.freeze(config) }));
  }
  line.uses = Object.freeze(uses);
  if (line.target === null) return null;
  const config = line.target.finish(call, line);
  if (config instanceof Refusal) {
    line.at = line.target.at;
    return config;
  }
  line.config = Object.freeze(config);
  return null;
}

function takeAddresses(line: LineState, world: ReaderWorld): Refusal | null {
  if ((line.given & S) !== 0) {
    const found = readAddresses(line.srcText, world, (line.negated & S) !== 0);
    if (found instanceof Refusal) {
      line.at = line.srcAt;
      return found;
    }
    line.sources = found;
  }
  if ((line.given & D) !== 0) {
    const found = readAddresses(line.dstText, world, (line.negated & D) !== 0);
    if (found instanceof Refusal) {
      line.at = line.dstAt;
      return found;
    }
    line.destinations = found;
  }
  const many = line.sources.length > 1 || line.destinations.length > 1;
  if (many && (line.negated & (S | D)) !== 0) {
    line.at = line.sources.length > 1 ? line.srcAt : line.dstAt;
    return new Refusal('negated-list', '! not allowed with multiple source or destination IP addresses');
  }
  return null;
}

/** What goes with which command. Kernel side: generic_opt_check() */
function checkTogether(line: LineState, command: CommandName): Refusal | null {
  if (command === 'replace' && (line.sources.length !== 1 || line.destinations.length !== 1)) {
    return new Refusal('address-list', 'Replacement rule does not specify a unique address');
  }
  const illegal = line.given & (ILLEGAL_BITS[command] ?? 0);
  if (illegal !== 0) {
    return new Refusal('illegal-option', `Illegal option \`-${bitLetters(illegal)[0]}' with this command`);
  }
  line.at = line.chainAt;
  const { chain } = line;
  if (chain.length >= MAX_NAME) return chainTooLong(chain);
  if (TAKES_RULE.has(command) || command === 'delete-number') {
    const incoming = chain === 'PREROUTING' || chain === 'INPUT';
    const outgoing = chain === 'POSTROUTING' || chain === 'OUTPUT';
    if (incoming && line.oif !== null) return new Refusal('wrong-interface', `Can't use -o with ${chain}\n`);
    if (outgoing && line.iif !== null) return new Refusal('wrong-interface', `Can't use -i with ${chain}\n`);
  }
  return null;
}

/**
 * -4 or -6 of the other family ends the reading of a line: nothing of it is checked any more, a command that takes a
 * rule has none to take, others are done.
 */
export function otherFamily(line: LineState, world: ReaderWorld, registry: Registry): ReadCommand {
  const command = commandOf(line, []);
  if (line.command === null) return { ...command, name: 'none' };
  if (!TAKES_RULE.has(line.command)) return command;
  const warnings = line.warnings ?? [];
  const name = line.jumpto;
  const known = name === '' || line.target !== null || isVerdict(name) || world.isChain(name, line.table);
  if (!known) return { refusal: unknownTarget(name, line, world, registry), at: line.jumpAt, warnings };
  // It replaces a rule by one that it has not made.
  if (line.command === 'replace') return { refusal: REPLACE_DIES, at: 0, warnings };
  return { ...command, name: 'none' };
}

const REPLACE_DIES = new Refusal('tool-dies', 'Segmentation fault', { bare: true, exit: 139 });

/** The command, with a rule for each pair of addresses. */
export function buildCommand(
  line: LineState,
  world: ReaderWorld,
  registry: Registry,
  targets: ChainTargets,
  number: number,
): ReadCommand {
  if (!TAKES_RULE.has(line.command!)) return commandOf(line, []);
  const target = resolveTarget(line, world, registry, targets);
  if (target instanceof Refusal) return { refusal: target, at: line.jumpAt, warnings: line.warnings ?? [] };
  const rules: Rule[] = [];
  for (const src of line.sources) {
    for (const dst of line.destinations) {
      rules.push(
        Object.freeze({
          src,
          dst,
          iif: line.iif,
          oif: line.oif,
          protocol: line.protocol,
          protocolNegated: line.protocolNegated,
          fragment: (line.given & F) === 0 ? 'any' : (line.negated & F) !== 0 ? 'first' : 'later',
          matches: line.uses,
          target,
          line: number,
        }),
      );
    }
  }
  return commandOf(line, rules);
}

function resolveTarget(
  line: LineState,
  world: ReaderWorld,
  registry: Registry,
  targets: ChainTargets,
): RuleTarget | Refusal {
  const name = line.jumpto;
  if (name === '') return NO_TARGET;
  if (world.isChain(name, line.table)) {
    if (line.target !== null) line.warn(`Warning: using chain ${name}, not extension`);
    return chainTarget(name, line.goto, targets);
  }
  if (line.goto) {
    const suggestion = nearest(name, world.chainNames(line.table));
    return new Refusal('unknown-chain', `goto '${name}' is not a chain`, { suggestion });
  }
  if (isVerdict(name)) return VERDICTS[name];
  if (line.target !== null && line.config !== null) {
    return Object.freeze({ kind: 'extension', target: line.target.record, config: line.config });
  }
  return unknownTarget(name, line, world, registry);
}

function unknownTarget(name: string, line: LineState, world: ReaderWorld, registry: Registry): Refusal {
  wholeOnly(registry);
  const candidates = [...Object.keys(VERDICTS), ...world.chainNames(line.table), ...registry.targets.keys()];
  return new Refusal('unknown-target', `Couldn't load target \`${name}':No such file or directory\n`, {
    suggestion: nearest(name, candidates),
  });
}

function chainTarget(chain: string, goto: boolean, targets: ChainTargets): RuleTarget {
  const cache = goto ? targets.goto : targets.jump;
  let target = cache.get(chain);
  if (target === undefined) {
    target = Object.freeze({ kind: 'chain', chain, goto });
    cache.set(chain, target);
  }
  return target;
}

const NO_WARNINGS: readonly string[] = Object.freeze([]);

function commandOf(line: LineState, rules: readonly Rule[]): Command {
  return {
    name: line.command ?? 'none',
    table: line.table,
    chain: line.chain,
    everyChain: line.everyChain,
    number: line.number,
    newName: line.newName,
    policy: line.policy,
    zero: line.zero,
    verbose: line.verbose,
    numeric: (line.given & N) !== 0,
    exact: (line.given & X) !== 0,
    lineNumbers: (line.given & NUMBERS) !== 0,
    counters: line.counters,
    rules,
    warnings: line.warnings ?? NO_WARNINGS,
  };
}
