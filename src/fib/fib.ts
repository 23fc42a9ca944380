import type { ConsideredRoute } from '../model';
import type { Family } from '../wire';
import { lookup4 } from './lookup4';
import { lookup6 } from './lookup6';
import { FibTable } from './table';
import { type FibDevices, type FibFlow, type FibResult, type PolicyRule, type Route, TABLE } from './types';

/** Routes and policy rules of one family on one host. */
export class Fib {
  readonly family: Family;
  readonly tables = new Map<number, FibTable>();
  /** In the order in which they are asked. */
  rules: readonly PolicyRule[];
  /**
   * True once a rule was added, or one of IPv4 deleted: only then are rules walked; before, IPv4's local and main are one
   * trie.
   * Kernel: fib_has_custom_rules, fib_unmerge()
   */
  customRules = false;
  /** True once anybody but the kernel added a local route. Kernel: fib_has_custom_local_routes */
  customLocalRoutes = false;

  constructor(family: Family) {
    this.family = family;
    this.rules = defaultRules(family);
  }

  /** That table, made if it is not there; with IPv4's local comes main, whose alias it is. Kernel: fib_new_table() */
  table(id: number): FibTable {
    const known = this.tables.get(id);
    if (known) return known;
    if (this.family === 4 && id === TABLE.local && !this.customRules) this.table(TABLE.main);
    const table = new FibTable(id);
    this.tables.set(id, table);
    return table;
  }

  /** What a lookup in that table searches: with IPv4's local also main, as long as they are one trie. Kernel: fib_get_table() */
  searched(id: number): readonly FibTable[] {
    const merged = this.family === 4 && id === TABLE.local && !this.customRules;
    const ids = merged ? [id, TABLE.main] : [id];
    return ids.map((each) => this.tables.get(each)).filter((table) => table !== undefined);
  }

  /**
   * Kernel: fib_lookup(), include/net/ip_fib.h; fib6_rule_lookup(), net/ipv6/fib6_rules.c
   *
   * @param considered is filled with every route and rule that was looked at, if given
   */
  lookup(flow: FibFlow, devices: FibDevices, considered?: ConsideredRoute[]): FibResult {
    return this.family === 4 ? lookup4(this, flow, devices, considered) : lookup6(this, flow, devices, considered);
  }

  /** Does a route or a rule have a realm? Kernel: fib_num_tclassid_users() */
  realmsInUse(): boolean {
    return this.rules.some((rule) => rule.realms !== 0) || [...this.tables.values()].some((t) => t.realms > 0);
  }

  /** All routes, or those of one table. */
  *routes(table?: number): Generator<Route> {
    for (const t of this.tables.values()) if (table === undefined || t.id === table) yield* t.all();
  }
}

/** The rules that a host begins with. Kernel: fib_default_rules_init(), fib6_rules_net_init() */
function defaultRules(family: Family): readonly PolicyRule[] {
  const rules = [builtIn(family, 0, TABLE.local), builtIn(family, 32766, TABLE.main)];
  return family === 4 ? [...rules, builtIn(family, 32767, TABLE.default)] : rules;
}

function builtIn(family: Family, priority: number, table: number): PolicyRule {
  return Object.freeze({ ...emptyRule(family), priority, table, madeBy: 2 });
}

/** A rule that every packet meets and that leads nowhere yet. */
export function emptyRule(family: Family): PolicyRule {
  return {
    family,
    priority: -1,
    not: false,
    from: null,
    to: null,
    iif: '',
    oif: '',
    tos: 0,
    mark: 0,
    markMask: 0,
    protocol: 0,
    sport: null,
    dport: null,
    uid: null,
    tunId: 0,
    l3mdev: false,
    action: 'lookup',
    table: TABLE.main,
    target: 0,
    suppressPrefixLength: -1,
    suppressGroup: -1,
    realms: 0,
    madeBy: 0,
  };
}

/** A flow of which only the destination is known. */
export function flowTo(dst: string, more: Partial<FibFlow> = {}): FibFlow {
  return {
    dst,
    src: null,
    tos: 0,
    mark: 0,
    iif: 'lo',
    oif: '',
    protocol: 0,
    sport: 0,
    dport: 0,
    uid: 0,
    scope: 0,
    strictIface: false,
    prefer: '',
    byDevice: false,
    ...more,
  };
}
