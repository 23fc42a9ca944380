import type { Random } from './random';

const chainsOf = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
} as const;
export type Table = keyof typeof chainsOf;

/** Some of the tables; `chances` out of a hundred. */
export function pickTables(r: Random, chances: Readonly<Record<Table, number>>): readonly Table[] {
  return (Object.keys(chainsOf) as Table[]).filter((table) => r.chance(chances[table]));
}

interface TableOptions {
  /** In how many of a hundred the policy of a chain is DROP. */
  readonly drop: number;
  /** A chain has fewer rules than this, not counting one that may call. */
  readonly below: number;
  /** Rules that the table begins with. */
  readonly first?: readonly string[];
  /** `hook` is the built-in chain that `chain` is reached from, `callable` names the chains that it may call. */
  readonly rule: (chain: string, hook: string, callable: readonly string[]) => string;
}

/** One table as iptables-save prints it, with up to three chains of one's own. */
export function makeTable(r: Random, table: Table, { drop, below, first = [], rule }: TableOptions): string {
  const built: readonly string[] = chainsOf[table];
  // A user chain belongs to one built-in chain, so that its targets are allowed where it is called from.
  const users = ['ONE', 'TWO', 'THREE'].slice(0, r.int(4)).map((name) => ({ name, home: r.pick(built) }));
  const lines = [`*${table}`];
  for (const chain of built) lines.push(`:${chain} ${r.chance(drop) ? 'DROP' : 'ACCEPT'} [0:0]`);
  for (const { name } of users) lines.push(`:${name} - [0:0]`);
  lines.push(...first);
  for (const chain of built) {
    const callable = users.filter(({ home }) => home === chain).map(({ name }) => name);
    const count = r.int(below) + (callable.length > 0 ? 1 : 0);
    for (let i = 0; i < count; i++) lines.push(rule(chain, chain, callable));
  }
  for (const [index, { name, home }] of users.entries()) {
    const later = users.slice(index + 1).filter((user) => user.home === home);
    const callable = later.map((user) => user.name);
    const count = r.int(below);
    for (let i = 0; i < count; i++) lines.push(rule(name, home, callable));
  }
  return `${lines.join('\n')}\nCOMMIT\n`;
}
