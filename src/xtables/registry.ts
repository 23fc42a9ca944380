import { matches } from './matches';
import type { Match, OptionSpec, Target } from './record';
import { targets } from './targets';
import type { XtFamily } from './types';

/** Extensions by name, with their options by name: what the reader of command lines looks things up in. */

export interface OptionEntry {
  /** Name as written, without dashes: canonical or alias. */
  readonly name: string;
  /** Canonical name: key of the record's options. */
  readonly key: string;
  readonly spec: OptionSpec;
}

export interface OptionTable {
  readonly byName: ReadonlyMap<string, OptionEntry>;
  readonly entries: readonly OptionEntry[];
  /** Options that must be given. */
  readonly required: readonly string[];
  /** Options that need others, or do not go with others. */
  readonly bound: readonly OptionEntry[];
}

export interface Loadable<T> {
  readonly record: T;
  readonly options: OptionTable;
}

export interface Registry {
  readonly family: XtFamily;
  readonly matches: ReadonlyMap<string, Loadable<Match>>;
  readonly targets: ReadonlyMap<string, Loadable<Target>>;
}

function optionTable(record: Match | Target): OptionTable {
  const entries: OptionEntry[] = [];
  for (const [key, spec] of Object.entries(record.options)) {
    for (const name of [key, ...spec.aliases]) entries.push({ name, key, spec });
  }
  const own = entries.filter(({ name, key }) => name === key);
  return {
    entries,
    byName: new Map(entries.map((entry) => [entry.name, entry])),
    required: own.filter(({ spec }) => spec.required).map(({ key }) => key),
    bound: own.filter(({ spec }) => spec.needs.length > 0 || spec.excludes.length > 0),
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

function makeRegistry(family: XtFamily): Registry {
  return { family, matches: byName(matches, family), targets: byName(targets, family) };
}

const REGISTRIES: Readonly<Record<XtFamily, Registry>> = { ip: makeRegistry('ip'), ip6: makeRegistry('ip6') };

export function registryOf(family: XtFamily): Registry {
  return REGISTRIES[family];
}
