import type { TableName } from '../../model';
import { type Counters, type Counters64, type XtFamily, ZERO_COUNTERS } from '../types';
import { emptyRuleset, type Ruleset } from './ruleset';

/** From here on an array would soon count wrong. */
const LARGE = 2n ** 52n;

/** One table: its ruleset, which is replaced as a whole, and what changes with each packet. */
export class XtTable {
  readonly name: TableName;
  ruleset: Ruleset;
  /** By number of the rule in the table (`Chain.base` + index; a chain's policy comes after its last rule). */
  packets: Float64Array;
  bytes: Float64Array;
  /** By the same number: what counters were set to that is too much for an array. The arrays count what came after. */
  large: Map<number, Counters64>;
  /** What single uses of matches and targets keep, by number of the rule * 64 + place in the rule. */
  kept: Map<number, object>;

  constructor(name: TableName) {
    this.name = name;
    this.ruleset = emptyRuleset(name);
    this.packets = new Float64Array(this.ruleset.slots);
    this.bytes = new Float64Array(this.ruleset.slots);
    this.large = new Map();
    this.kept = new Map();
  }

  /** The counters of a rule or policy. */
  counters(slot: number): Counters {
    const [packets, bytes] = this.large.get(slot) ?? ZERO_COUNTERS;
    return [Number(packets) + this.packets[slot]!, Number(bytes) + this.bytes[slot]!];
  }

  exactCounters(slot: number): Counters64 {
    const [packets, bytes] = this.large.get(slot) ?? ZERO_COUNTERS;
    const sum = (set: bigint, counted: number): bigint => BigInt.asUintN(64, set + BigInt(counted));
    return [sum(packets, this.packets[slot]!), sum(bytes, this.bytes[slot]!)];
  }

  setCounters(slot: number, counters: Counters64): void {
    const large = counters.some((count) => count >= LARGE);
    if (large) this.large.set(slot, counters);
    else this.large.delete(slot);
    this.packets[slot] = large ? 0 : Number(counters[0]);
    this.bytes[slot] = large ? 0 : Number(counters[1]);
  }
}

/** The tables of one family on one host. A table exists once something has touched it. */
export class XtTables {
  readonly family: XtFamily;
  private readonly tables = new Map<TableName, XtTable>();
  /** What several rules share by name: lists of `recent`, tables of `hashlimit`, meters of RATEEST. */
  readonly shared = new Map<string, object>();

  constructor(family: XtFamily) {
    this.family = family;
  }

  /** Names of the tables that exist, in the order of their creation. */
  names(): readonly TableName[] {
    return [...this.tables.keys()];
  }

  has(table: TableName): boolean {
    return this.tables.has(table);
  }

  get(table: TableName): XtTable | undefined {
    return this.tables.get(table);
  }

  /** The table, made now if it did not exist. */
  touch(name: TableName): XtTable {
    let table = this.tables.get(name);
    if (table === undefined) {
      table = new XtTable(name);
      this.tables.set(name, table);
    }
    return table;
  }

  *all(): Iterable<XtTable> {
    yield* this.tables.values();
  }
}
