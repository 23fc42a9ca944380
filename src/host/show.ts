import { compareRoutes, printRoute, printRule, type Route, tableOf } from '../fib';
import type { Family } from '../wire';
import type { Host } from './host';

/** Lines of `ip route show`, as byte for byte as the tool prints them; a multipath route is several lines in one. */
export function routeLines(host: Host, family: Family, table = 'main'): readonly string[] {
  const all = table === 'all' || table === '0' || table === 'unspec';
  const id = all ? undefined : (tableOf(table) ?? -1);
  const routes: Route[] = [...host.fib[family].routes(id)].sort(compareRoutes);
  return routes.map((r) => printRoute(r, all));
}

/** Lines of `ip rule show`. */
export function ruleLines(host: Host, family: Family): readonly string[] {
  const { rules } = host.fib[family];
  return rules.map((r) => printRule(r, { all: rules, devices: host }));
}
