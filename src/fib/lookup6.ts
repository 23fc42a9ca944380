import type { ConsideredRoute } from '../model';
import { prefixContains } from '../wire';
import { addMisses, consider } from './considered';
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

/** Kernel: fib6_rule_lookup(), net/ipv6/fib6_rules.c */
export function lookup6(fib: Fib, flow: FibFlow, devices: FibDevices, considered?: ConsideredRoute[]): FibResult {
  const inTable = (table: FibTable, rule: PolicyRule | null) =>
    fib6TableLookup(fib, table, flow, devices, considered, rule);
  if (fib.customRules) return lookupByRules(fib, flow, devices, considered, inTable);
  for (const id of [TABLE.local, TABLE.main]) {
    const table = fib.tables.get(id);
    const found = table === undefined ? 'again' : inTable(table, null);
    if (found !== 'again') return found;
  }
  return NO_ROUTE;
}

/**
 * Longest prefix that has a route which can be used; there the lowest metric, and among its equals the one that leaves
 * by the interface asked for, then the higher router preference.
 *
 * Kernel: fib6_table_lookup(), rt6_select(), find_rr_leaf(), net/ipv6/route.c
 */
function fib6TableLookup(
  fib: Fib,
  table: FibTable,
  flow: FibFlow,
  devices: FibDevices,
  considered: ConsideredRoute[] | undefined,
  rule: PolicyRule | null,
): RuleOutcome<FibResult> {
  const notes = considered && { list: considered, rule, fib };
  let answer: RuleOutcome<FibResult> | null = null;
  for (const length of table.prefixLengths()) {
    const routes = table.candidates(flow.dst, length);
    if (routes.length === 0) continue;
    if (answer !== null) {
      if (notes) for (const route of routes) consider(notes, route, 'shorter-prefix');
      continue;
    }
    const usable = routes.filter((r) => r.from === null || (flow.src !== null && prefixContains(r.from, flow.src)));
    // Routes with the longest `from` are a subtree of their own, asked first.
    const longest = Math.max(-1, ...usable.map((r) => r.from?.length ?? 0));
    const able = usable.filter((r) => (r.from?.length ?? 0) === longest);
    const best = flow.byDevice ? rt6DeviceMatch(able, flow, devices) : rt6Select(able, flow);
    if (notes) {
      for (const route of routes) {
        if (route === best?.route) consider(notes, route, 'chosen');
        else if (usable.includes(route)) consider(notes, route, best ? 'higher-metric' : 'oif-differs');
        else consider(notes, route, 'no-prefix-match');
      }
    }
    if (best === null) continue;
    const error = typeError(best.route);
    if (error === null) answer = { ok: true, ...best, rule };
    else answer = error === 'again' ? 'again' : { ok: false, error, route: best.route, rule };
    if (!notes) break;
  }
  if (notes) addMisses(notes, [table], flow.dst);
  return answer ?? 'again';
}

interface Selected {
  readonly route: Route;
  readonly nexthop: Nexthop;
}

function rt6Select(routes: readonly Route[], flow: FibFlow): Selected | null {
  for (let i = 0; i < routes.length; ) {
    const metric = routes[i]!.metric;
    let best: Selected | null = null;
    let bestScore = -1;
    for (; i < routes.length && routes[i]!.metric === metric; i++) {
      const route = routes[i]!;
      for (const nexthop of route.nexthops) {
        const score = scoreRoute(route, nexthop, flow);
        if (score > bestScore) {
          bestScore = score;
          best = { route, nexthop };
        }
      }
    }
    if (best) return best;
  }
  return null;
}

/** Kernel: rt6_device_match() */
function rt6DeviceMatch(routes: readonly Route[], flow: FibFlow, devices: FibDevices): Selected | null {
  const alive = routes.flatMap((route) =>
    route.nexthops.filter(({ dead }) => !dead).map((nexthop) => ({ route, nexthop })),
  );
  const fits = ({ nexthop }: Selected) =>
    flow.oif === '' ? flow.src === null || devices.fibLocal(flow.src, nexthop.dev) : nexthop.dev === flow.oif;
  return alive.find(fits) ?? (flow.strictIface ? null : (alive[0] ?? null));
}

/** Kernel: rt6_score_route() */
function scoreRoute(route: Route, nexthop: Nexthop, flow: FibFlow): number {
  if (nexthop.dead) return -1;
  const dev = flow.oif || flow.prefer;
  const matches = dev === '' || dev === nexthop.dev ? 2 : 0;
  if (matches === 0 && flow.strictIface) return -1;
  return matches | ((route.pref + 1) << 2);
}
