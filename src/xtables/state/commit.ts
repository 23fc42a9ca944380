import type { Rule } from '../rule';
import { type Counters64, type XtContext, ZERO_COUNTERS } from '../types';
import { type CheckFailure, checkRuleset } from './check';
import type { Handle } from './handle';
import type { Chain, Ruleset } from './ruleset';
import type { XtTable, XtTables } from './tables';
import { chainsWithUses, usesOf } from './uses';

/** Puts a working copy in the table's place, unless the kernel refuses it. Kernel side: TC_COMMIT(), do_replace() */
export function commit(tables: XtTables, handle: Handle, context: XtContext): CheckFailure | null {
  const table = tables.touch(handle.table);
  if (!handle.changed) return null;
  const built = handle.build();
  const others = [...tables.all()].map(({ ruleset }) => ruleset);
  const { family, table: name } = handle;
  const [failure] = checkRuleset(built.ruleset, { family, table: name, context, others });
  if (failure) return failure;
  install(tables, table, built);
  return null;
}

/** A ruleset to put in a table's place, and where its counters come from: numbers in the old one, or set outright. */
export interface Built {
  readonly ruleset: Ruleset;
  readonly origins: Int32Array | null;
  readonly set: ReadonlyMap<number, Counters64>;
}

/** The new ruleset takes the old one's place: counters are carried over, what matches kept is not. */
export function install(tables: XtTables, table: XtTable, { ruleset, origins, set }: Built): void {
  const packets = new Float64Array(ruleset.slots);
  const bytes = new Float64Array(ruleset.slots);
  const large = new Map<number, Counters64>();
  for (let i = 0; origins !== null && i < ruleset.slots; i++) {
    const origin = origins[i]!;
    if (origin >= 0) {
      packets[i] = table.packets[origin]!;
      bytes[i] = table.bytes[origin]!;
      const set = table.large.size === 0 ? undefined : table.large.get(origin);
      if (set !== undefined) large.set(i, set);
    }
  }
  table.ruleset = ruleset;
  table.packets = packets;
  table.bytes = bytes;
  table.large = large;
  // Policies lose their counters with every commit of the table, whatever it changed (seen with iptables 1.8.9).
  for (const chain of ruleset.chains) table.setCounters(chain.base + chain.rules.length, ZERO_COUNTERS);
  for (const [slot, counters] of set) table.setCounters(slot, counters);
  // Every rule is set up anew when a table is replaced: credits are full, counts begin again.
  table.kept = new Map();
  setUpShared(tables, table);
  forgetUnused(tables);
}

/** A use of a name that rules share. */
interface SharedUse {
  readonly name: string;
  readonly setUp: ((kept: object | null) => object) | null;
}

function sharedUses(rules: readonly Rule[]): readonly SharedUse[] {
  return usesOf(rules).flatMap(({ record: { shares, setUp }, config }) => {
    const name = shares(config);
    return name === null ? [] : [{ name, setUp: setUp && ((kept) => setUp(config, kept)) }];
  });
}

function sharingChains(ruleset: Ruleset): readonly Chain[] {
  return ruleset.derived(chainsWithUses).filter((chain) => chain.derived(sharedUses).length > 0);
}

/** Named lists and tables are as the first rule that is loaded wants them. Kernel: find_check_entry() of every rule in turn */
function setUpShared({ shared }: XtTables, table: XtTable): void {
  for (const chain of table.ruleset.derived(sharingChains)) {
    for (const { name, setUp } of chain.derived(sharedUses)) {
      if (setUp !== null) shared.set(name, setUp(shared.get(name) ?? null));
    }
  }
}

/** They live as long as a rule names them. */
function forgetUnused(tables: XtTables): void {
  const { shared } = tables;
  if (shared.size === 0) return;
  const used = new Set<string>();
  for (const table of tables.all()) {
    for (const chain of table.ruleset.derived(sharingChains)) {
      for (const { name } of chain.derived(sharedUses)) used.add(name);
    }
  }
  for (const name of shared.keys()) if (!used.has(name)) shared.delete(name);
}
