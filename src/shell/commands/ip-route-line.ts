import { protocolText, type Route, scopeText } from '../../fib';

const HEAD =
  /^((?:unreachable |blackhole |prohibit |throw |local |broadcast |multicast |anycast |nat )?\S+ (?:from \S+ )?(?:tos \S+ )?(?:via (?:inet6 )?\S+ )?(?:dev \S+ )?(?:table \S+ )?)(?:proto \S+ )?(?:scope \S+ )?([\s\S]*)$/;

/** A route's line with -d: what goes without saying is said, too. `table`: that it is in main, as well. */
export function detailed(line: string, route: Route, table: boolean): string {
  const [, head = '', rest = ''] = HEAD.exec(line) ?? [];
  const type = route.type === 'unicast' ? 'unicast ' : '';
  const main = table && route.table === 254 ? 'table main ' : '';
  const scope = scopeText(route.family === 6 ? 0 : route.scope);
  return `${type}${head}${main}proto ${protocolText(route.protocol)} scope ${scope} ${rest}`;
}
