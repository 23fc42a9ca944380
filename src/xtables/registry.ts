import { PartMissing } from '../base';
import type { Match, OptionSpec, Target } from './record';
import type { XtFamily } from './types';

/** Extensions by name, with their options by name: what the reader of command lines looks things up in. */

export interface OptionEntry {
  /** Name as written, without dashes: canonical or alias. */
  readonly name: string;
  /** Canonical name: key of the record's options. */
  readonly key: string;
  readonly spec: OptionSpec;
}

interface OptionTable {
  readonly byName: ReadonlyMap<string, OptionEntry>;
  readonly entries: readonly OptionEntry[];
  /** Options that must be given, that need others, or do not go with others. */
  readonly bound: readonly OptionEntry[];
}

export interface Loadable<T> {
  readonly record: T;
  readonly options: OptionTable;
}

export interface Registry {
  readonly family: XtFamily;
  readonly matches: ReadonlyMap<string, Loadable<Match>>;
  /** What other names of matches stand for, in either family. Kernel side: xtables_find_match() */
  readonly aliases: ReadonlyMap<string, string>;
  readonly targets: ReadonlyMap<string, Loadable<Target>>;
  /** Names of targets that exist, but are not loaded; empty if everything is there. */
  readonly missing: ReadonlySet<string>;
}

/** The extensions of both tools. */
export type Extensions = Readonly<Record<XtFamily, Registry>>;

function optionTable(record: Match | Target): OptionTable {
  const entries: OptionEntry[] = [];
  for (const [key, spec] of Object.entries(record.options)) {
    for (const name of [key, ...spec.aliases]) entries.push({ name, key, spec });
  }
  const own = entries.filter(({ name, key }) => name === key);
  return {
    entries,
    byName: new Map(entries.map((entry) => [entry.name, entry])),
    bound: own.filter(({ spec }) => spec.required || spec.needs.length > 0 || spec.excludes.length > 0),
  };
}

function byName<T extends Match | Target>(records: readonly T[], family: XtFamily): ReadonlyMap<string, Loadable<T>> {
  const found = new Map<string, Loadable<T>>();
  for (const record of records) {
    if (!record.families.includes(family)) continue;
    const loadable = { record, options: optionTable(record) };
    for (const name of [record.name, ...record.aliases]) found.set(name, loadable);
  }
  return found;
}

/** Everything that the records make known. `missing`: names of the targets that a fuller set of extensions has. */
export function makeExtensions(
  matches: readonly Match[],
  targets: readonly Target[],
  missing: readonly string[] = [],
): Extensions {
  const aliases = new Map(matches.flatMap((match) => match.aliases.map((alias) => [alias, match.name] as const)));
  const of = (family: XtFamily): Registry => ({
    family,
    matches: byName(matches, family),
    aliases,
    targets: byName(targets, family),
    missing: new Set(missing),
  });
  return Object.freeze({ ip: of('ip'), ip6: of('ip6') });
}

/** The match of that name. An unknown name asks for the full set first, if this is a part of it. */
export function findMatch(registry: Registry, name: string): Loadable<Match> | undefined {
  const found = registry.matches.get(name);
  if (found === undefined) wholeOnly(registry);
  return found;
}

/** The target of that name, if it is one: a chain may have any other name. */
export function findTarget(registry: Registry, name: string): Loadable<Target> | undefined {
  if (registry.missing.has(name)) throw new PartMissing('extensions');
  return registry.targets.get(name);
}

/** What follows is only right with all extensions: names to suggest, say. */
export function wholeOnly(registry: Registry): void {
  if (registry.missing.size > 0) throw new PartMissing('extensions');
}
