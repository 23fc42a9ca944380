import type { ConsideredRoute } from '../model';
import { type Addr, prefixContains } from '../wire';
import type { Fib } from './fib';
import { tableText } from './names';
import { compareRoutes, routeText } from './print-route';
import { ruleText } from './print-rule';
import type { FibTable } from './table';
import type { PolicyRule, Route } from './types';

/** Where the routes that a lookup looks at are noted down. */
export interface Notes {
  readonly list: ConsideredRoute[];
  readonly rule: PolicyRule | null;
  readonly fib: Fib;
}

/** A table with more routes than this notes only those that the destination falls under. */
const SMALL_TABLE = 24;

/** Notes a route that a lookup came to, and what became of it. */
export function consider(notes: Notes, route: Route, outcome: ConsideredRoute['outcome']): void {
  const isEqual = outcome === 'shorter-prefix' && sameLength(notes, route);
  notes.list.push({
    rule: notes.rule?.priority ?? builtInPriority(route),
    table: tableText(route.table),
    route: routeText(route),
    outcome: isEqual ? 'higher-metric' : outcome,
  });
}

/** Whether a route was chosen that has the same prefix length. */
function sameLength(notes: Notes, route: Route): boolean {
  const chosen = notes.list.findLast((c) => c.outcome === 'chosen');
  if (chosen === undefined) return false;
  const word = chosen.route.split(' ').find((w) => w === 'default' || /^[0-9a-f.:]+(\/\d+)?$/.test(w)) ?? '';
  const length = word === 'default' ? 0 : Number(word.split('/')[1] ?? (route.family === 4 ? 32 : 128));
  return length === route.prefix.length;
}

function builtInPriority(route: Route): number {
  return route.table === 255 ? 0 : route.table === 254 ? 32766 : 32767;
}

/** A rule that did not apply. */
export function considerRule(rule: PolicyRule): ConsideredRoute {
  return { rule: rule.priority, table: ruleText(rule), route: '', outcome: 'rule-no-match' };
}

/** The routes of small tables that the destination does not fall under; a reader wants to see them, too. */
export function addMisses(notes: Notes, tables: readonly FibTable[], dst: Addr): void {
  for (const table of tables) {
    if (table.count > SMALL_TABLE || table.id === 255) continue;
    const missed = [...table.all()].filter((r) => !prefixContains(r.prefix, dst)).sort(compareRoutes);
    for (const route of missed) consider(notes, route, 'no-prefix-match');
  }
}
