import { compareRoutes, type Route, tableOf } from '../fib';
import type { Host } from '../host';
import type { Family } from '../wire';

/** The routes of a table, in the order in which the tools print them. */
export function familyRoutes(host: Host, family: Family, table = 'main'): readonly Route[] {
  return [...host.fib[family].routes(tableOf(table) ?? -1)].sort(compareRoutes);
}
