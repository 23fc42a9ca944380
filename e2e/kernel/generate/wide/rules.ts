import type { Random } from '../random';
import type { Wide } from './context';
import { type Place, places, protocolMatch, wideMatch } from './matches';
import { wideTarget } from './targets';

const chainsOf = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
} as const;
type Table = keyof typeof chainsOf;

/** A ruleset over every extension. `names` counts what has to have a name of its own. */
export function makeWideRuleset(r: Random, w: Wide, family: 4 | 6, names: { next: number }): string {
  const tables = (Object.keys(chainsOf) as Table[]).filter((table) =>
    r.chance({ raw: 40, mangle: 55, nat: 55, filter: 85, security: 10 }[table]),
  );
  const text: string[] = [];
  for (const table of r.chance(20) ? [...tables].reverse() : tables) {
    const built: readonly string[] = chainsOf[table];
    const users = ['ONE', 'TWO', 'THREE'].slice(0, r.int(4)).map((name) => ({ name, home: r.pick(built) }));
    text.push(`*${table}`);
    for (const chain of built) {
      const drop = table === 'filter' ? 12 : table === 'nat' ? 0 : 3;
      text.push(`:${chain} ${r.chance(drop) ? 'DROP' : 'ACCEPT'} [0:0]`);
    }
    for (const { name } of users) text.push(`:${name} - [0:0]`);
    for (const chain of built) {
      const callable = users.filter(({ home }) => home === chain).map(({ name }) => name);
      for (let i = r.int(5) + (callable.length > 0 ? 1 : 0); i > 0; i--) {
        text.push(makeWideRule({ r, w, family, table, hook: chain, protocol: '', names }, chain, callable));
      }
    }
    for (const [index, { name, home }] of users.entries()) {
      const later = users.slice(index + 1).filter((user) => user.home === home);
      for (let i = r.int(5); i > 0; i--) {
        const place = { r, w, family, table, hook: home, protocol: '', names };
        text.push(
          makeWideRule(
            place,
            name,
            later.map((u) => u.name),
          ),
        );
      }
    }
    text.push('COMMIT');
  }
  return text.length === 0 ? '' : `${text.join('\n')}\n`;
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
    [1, r.pick(['4', '253', '41', 'all'])],
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
