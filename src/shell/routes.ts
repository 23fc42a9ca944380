import { compareRoutes, type Route, tableOf } from '../fib';
import type { Host } from '../host';
import type { Family } from '../wire';

/** The routes of a table, in the order in which the tools print them. */
export function familyRoutes(host: Host, family: Family, table = 'main'): readonly Route[] {
  const all = table === 'all' || table === '0' || table === 'unspec';
  return [...host.fib[family].routes(all ? undefined : (tableOf(table) ?? -1))].sort(compareRoutes);
}
