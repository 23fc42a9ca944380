import type { Random } from '../random';
import { makeTable, pickTables } from '../tables';
import type { Wide } from './context';
import { type Place, places, protocolMatch, wideMatch } from './matches';
import { wideTarget } from './targets';
import { usualRules } from './usual';

/** A ruleset over every extension. `names` counts what has to have a name of its own. */
export function makeWideRuleset(r: Random, w: Wide, family: 4 | 6, names: { next: number }): string {
  const tables = pickTables(r, { raw: 40, mangle: 55, nat: 55, filter: 85, security: 10 });
  return (r.chance(20) ? [...tables].reverse() : tables)
    .map((table) =>
      makeTable(r, table, {
        drop: table === 'filter' ? 12 : table === 'nat' ? 0 : 3,
        below: 5,
        first: usualRules(r, w, family, table),
        rule: (chain, hook, callable) =>
          makeWideRule({ r, w, family, table, hook, protocol: '', names }, chain, callable),
      }),
    )
    .join('');
}

export function makeWideRule(at: Place, chain: string, callable: readonly string[]): string {
  const { r, family } = at;
  const protocol = r.weighted([
    [30, ''],
    [20, 'udp'],
    [22, 'tcp'],
    [12, family === 6 ? 'ipv6-icmp' : 'icmp'],
    [4, 'sctp'],
    [2, 'dccp'],
    [1, 'gre'],
    [1, 'esp'],
    [1, 'ah'],
    [1, 'udplite'],
    [1, r.pick(['4', '253', '41', 'all', '108', '135'])],
  ] as const);
  const place = { ...at, protocol };
  const target = wideTarget(place, callable);
  const needed = target.protocol ?? protocol;
  const parts = [`-A ${chain}`, ...places(place)];
  // A criterion of a protocol, or a target that needs it, does not stand with its negation.
  const negated = target.protocol === undefined && needed !== 'all' && needed !== '' && r.chance(8);
  if (needed !== '') parts.push(`${negated ? '! ' : ''}-p ${needed}`);
  if (needed !== '' && !negated && r.chance(65)) parts.push(protocolMatch({ ...place, protocol: needed }));
  const count = r.weighted([
    [4, 0],
    [5, 1],
    [3, 2],
    [1, 3],
  ]);
  const ported = ['tcp', 'udp', 'sctp', 'dccp', 'udplite'].includes(needed) && !negated;
  for (let i = 0; i < count; i++) {
    const text = wideMatch({ ...place, protocol: needed });
    if (text.startsWith('-m multiport') && !ported) continue;
    if (text.endsWith('-f') && parts.some((part) => part.endsWith('-f'))) continue;
    parts.push(text);
  }
  parts.push(target.text);
  return parts.filter((part) => part !== '').join(' ');
}
