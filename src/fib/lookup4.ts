import type { ConsideredRoute } from '../model';
import { addMisses, consider, type Notes } from './considered';
import type { Fib } from './fib';
import { lookupByRules, NO_ROUTE, typeError } from './lookup-rules';
import type { RuleOutcome } from './rules';
import type { FibTable } from './table';
import {
  type FibDevices,
  type FibFlow,
  type FibResult,
  type Nexthop,
  type PolicyRule,
  type Route,
  TABLE,
} from './types';

/** Kernel: fib_lookup(), include/net/ip_fib.h */
export function lookup4(fib: Fib, flow: FibFlow, devices: FibDevices, considered?: ConsideredRoute[]): FibResult {
  if (!fib.customRules) return lookupMerged(fib, flow, considered);
  return lookupByRules(fib, flow, devices, considered, (table, rule) =>
    fibTableLookup(fib, [table], flow, considered, rule),
  );
}

/** While nobody has touched the rules, local and main are one trie, and only `default` comes after it. */
function lookupMerged(fib: Fib, flow: FibFlow, considered?: ConsideredRoute[]): FibResult {
  const last = fib.tables.get(TABLE.default);
  const answer = fibTableLookup(fib, fib.searched(TABLE.local), flow, considered);
  if (answer !== 'again' && answer.ok) return answer;
  // Any failure here, a prohibit even, lets the default table have its say, if there is one.
  if (last === undefined) return answer === 'again' ? NO_ROUTE : answer;
  const second = fibTableLookup(fib, [last], flow, considered);
  return second === 'again' ? NO_ROUTE : second;
}

/**
 * Longest prefix first; among equal prefixes the higher tos, then the lower metric. A route whose interface is not the
 * one asked for lets shorter prefixes have their say. Several tables are searched as one.
 *
 * Kernel: fib_table_lookup(), net/ipv4/fib_trie.c
 */
export function fibTableLookup(
  fib: Fib,
  tables: readonly FibTable[],
  flow: FibFlow,
  considered?: ConsideredRoute[],
  rule: PolicyRule | null = null,
): RuleOutcome<FibResult> {
  const lengths = tables.length === 1 ? tables[0]!.prefixLengths() : mergedLengths(tables);
  let answer: RuleOutcome<FibResult> | null = null;
  const notes = considered && { list: considered, rule, fib };
  for (const length of lengths) {
    for (const table of tables) {
      for (const route of table.candidates(flow.dst, length)) {
        if (answer === null) answer = tryRoute(route, flow, rule, notes);
        else if (notes) consider(notes, route, 'shorter-prefix');
      }
    }
    if (answer !== null && !notes) break;
  }
  if (notes) addMisses(notes, tables, flow.dst);
  return answer ?? 'again';
}

/** What the lookup answers by a route whose prefix fits; null if it goes on. */
function tryRoute(
  route: Route,
  flow: FibFlow,
  rule: PolicyRule | null,
  notes: Notes | undefined,
): RuleOutcome<FibResult> | null {
  if (route.tos !== 0 && route.tos !== (flow.tos & 0x1c)) {
    if (notes) consider(notes, route, 'tos-differs');
    return null;
  }
  if (route.scope < flow.scope) return null;
  const error = typeError(route);
  if (error !== null) {
    if (notes) consider(notes, route, error === 'again' ? 'throw' : 'chosen');
    return error === 'again' ? 'again' : { ok: false, error, route, rule };
  }
  const nexthop = goodNexthop(route, flow);
  if (nexthop === null) {
    if (notes) consider(notes, route, route.nexthops.every((n) => n.dead) ? 'dead' : 'oif-differs');
    return null;
  }
  if (notes) consider(notes, route, 'chosen');
  return { ok: true, route, nexthop, rule };
}

/** Kernel: fib_lookup_good_nhc() */
function goodNexthop(route: Route, flow: FibFlow): Nexthop | null {
  for (const nexthop of route.nexthops) {
    if (nexthop.dead) continue;
    if (flow.oif !== '' && flow.oif !== nexthop.dev) continue;
    return nexthop;
  }
  return null;
}

function mergedLengths(tables: readonly FibTable[]): readonly number[] {
  const lengths = new Set<number>();
  for (const table of tables) for (const length of table.prefixLengths()) lengths.add(length);
  return [...lengths].sort((a, b) => b - a);
}
