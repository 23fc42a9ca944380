import { invariant } from '../base';
import type { Fib } from './fib';
import type { FibTable } from './table';
import type { Route } from './types';

/** Flags of a request to add a route. Kernel: NLM_F_* */
export interface AddFlags {
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly replace: boolean;
  readonly append: boolean;
}

export type AddVerb = 'add' | 'append' | 'prepend' | 'change' | 'replace';

/** What a verb of `ip route` asks of the kernel. Kernel: NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE, NLM_F_APPEND */
export function addFlags(verb: AddVerb): AddFlags {
  return {
    create: verb !== 'change',
    exclusive: verb === 'add',
    replace: verb === 'change' || verb === 'replace',
    append: verb === 'append',
  };
}

/** What the kernel answers to a change, as `ip` prints it; null if it was done. */
export type ChangeError = string | null;

export const EEXIST = 'RTNETLINK answers: File exists';
export const ENOENT = 'RTNETLINK answers: No such file or directory';
export const NO_TABLE = 'Error: FIB table does not exist.';
export const ESRCH = 'RTNETLINK answers: No such process';

/** Kernel: fib_table_insert(), net/ipv4/fib_trie.c */
export function insertRoute4(fib: Fib, route: Route, flags: AddFlags): ChangeError {
  const table = fib.tables.get(route.table) ?? fib.table(route.table);
  const list = [...table.exact(route.prefix)];
  const same = list.filter((r) => r.tos === route.tos && r.metric === route.metric);
  if (same.length > 0) {
    if (flags.exclusive) return EEXIST;
    const twin = same.find((r) => sameWay(r, route));
    if (flags.replace) {
      if (twin !== undefined) return twin === same[0] ? null : EEXIST;
      list[list.indexOf(same[0]!)] = route;
      return put(table, route, list);
    }
    if (twin !== undefined) return EEXIST;
    const at = flags.append ? list.indexOf(same.at(-1)!) + 1 : list.indexOf(same[0]!);
    list.splice(at, 0, route);
    return put(table, route, list);
  }
  if (!flags.create) return ENOENT;
  const at = list.findIndex((r) => r.tos < route.tos || (r.tos === route.tos && r.metric > route.metric));
  list.splice(at < 0 ? list.length : at, 0, route);
  return put(table, route, list);
}

function put(table: FibTable, route: Route, list: readonly Route[]): null {
  table.replace(route.prefix, list);
  return null;
}

/** Kernel: fib_find_info(), and type and tos beside it */
function sameWay(a: Route, b: Route): boolean {
  return (
    a.type === b.type &&
    a.scope === b.scope &&
    a.protocol === b.protocol &&
    a.prefsrc === b.prefsrc &&
    JSON.stringify([a.metrics, a.nexthops]) === JSON.stringify([b.metrics, b.nexthops])
  );
}

/** Kernel: fib6_add_rt2node(), net/ipv6/ip6_fib.c. `asked`: it comes from a command. */
export function insertRoute6(fib: Fib, route: Route, flags: AddFlags, asked: boolean): ChangeError {
  const table = fib.table(route.table);
  const list = [...table.exact(route.prefix)];
  const from = (r: Route) => (r.from ? `${r.from.network}/${r.from.length}` : '');
  const same = list.filter((r) => r.metric === route.metric && from(r) === from(route));
  const gatewayed = (r: Route) => r.nexthops.every((n) => n.gateway !== null);
  if (same.length > 0) {
    if (asked && flags.exclusive) return EEXIST;
    if (flags.replace) {
      const victim = same.find((r) => gatewayed(r) === gatewayed(route)) ?? same[0]!;
      list[list.indexOf(victim)] = route;
      return put(table, route, list);
    }
    const has = (r: Route) =>
      r.nexthops.some((n) => route.nexthops.some((m) => n.dev === m.dev && n.gateway === m.gateway));
    if (same.some(has)) return EEXIST;
    const sibling = gatewayed(route) ? same.find(gatewayed) : undefined;
    if (sibling !== undefined) {
      const nexthops = [...sibling.nexthops, ...route.nexthops];
      list[list.indexOf(sibling)] = Object.freeze({ ...sibling, nexthops: Object.freeze(nexthops) });
      return put(table, route, list);
    }
  } else if (!flags.create && flags.replace) return 'Error: Can not replace route - no match found.';
  const at = list.findIndex((r) => r.metric > route.metric);
  list.splice(at < 0 ? list.length : at, 0, route);
  return put(table, route, list);
}

/** Takes out one route that is there. */
export function removeRoute(fib: Fib, route: Route): void {
  const table = fib.tables.get(route.table);
  invariant(table, `no table ${route.table}`);
  table.replace(
    route.prefix,
    table.exact(route.prefix).filter((r) => r !== route),
  );
}

/** Puts another route in the place of one that is there. */
export function exchangeRoute(fib: Fib, before: Route, after: Route): void {
  const table = fib.tables.get(before.table);
  invariant(table, `no table ${before.table}`);
  table.replace(
    before.prefix,
    table.exact(before.prefix).map((r) => (r === before ? after : r)),
  );
}
