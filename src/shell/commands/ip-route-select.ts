import {
  dsfieldOf,
  type Nexthop,
  protocolOf,
  type Route,
  readPrefix,
  realmOf,
  scopeOf,
  tableOf,
  unsigned,
} from '../../fib';
import type { Host } from '../../host';
import { type Addr, type Family, type Prefix, prefixContains } from '../../wire';
import type { CommandOutput } from '../types';
import { INCOMPLETE } from './ip';

/** What `ip route show` and `flush` pick. */
interface RouteSelection {
  readonly table: string | undefined;
  readonly test: (route: Route) => boolean;
  /** Fields of a route that were asked for, and are not said again. */
  readonly asked: ReadonlySet<string>;
}

/** One criterion. */
interface Picked {
  readonly test: (route: Route) => boolean;
  readonly asked?: string;
}

interface At {
  readonly host: Host;
  /** As it was said before the object. */
  readonly said: Family | null;
  readonly family: Family;
}

type Reader = (value: string, at: At) => Picked | CommandOutput;

const wrong = (value: string, what: string): CommandOutput => ({
  stderr: `Error: argument "${value}" is wrong: ${what}\n\n`,
  exit: 255,
});

/** A criterion that is a number with a name; `all` asks for nothing. */
function named(
  read: (text: string) => number | null,
  invalid: string,
  of: (route: Route) => number,
  asked: string,
): Reader {
  return (value) => {
    if (value === 'all') return { test: () => true };
    const n = read(value);
    return n === null ? wrong(value, invalid) : { test: (route) => of(route) === n, asked };
  };
}

/** The one way that a route leads; of several the tool looks at none. */
const onlyHop = (route: Route): Nexthop | null => (route.nexthops.length === 1 ? route.nexthops[0]! : null);

const dev: Reader = (value, { host }) =>
  host.iface(value)
    ? { test: (route) => onlyHop(route)?.dev === value, asked: 'dev' }
    : { stderr: `Cannot find device "${value}"\n`, exit: 1 };

function address(asked: string, of: (route: Route) => Addr | null | undefined): Reader {
  return (value, at) => {
    const prefix = prefixOf(value, at);
    if (!prefix) return noPrefix(value, at);
    const test = (route: Route) => {
      const addr = of(route);
      return !!addr && addr.includes(':') === (prefix.family === 6) && prefixContains(prefix, addr);
    };
    return prefix.length === (prefix.family === 4 ? 32 : 128) ? { test, asked } : { test };
  };
}

type Inside = 'root' | 'match' | 'exact';

function destination(how: Inside): Reader {
  return (value, at) => {
    const prefix = prefixOf(value, at);
    if (!prefix) return noPrefix(value, at);
    return {
      test: ({ prefix: of }) => {
        if (how === 'exact') return of.length === prefix.length && of.network === prefix.network;
        if (how === 'root') return of.length >= prefix.length && prefixContains(prefix, of.network);
        return of.length <= prefix.length && prefixContains(of, prefix.network);
      },
    };
  };
}

const TYPES = 'unspec unicast local broadcast anycast multicast blackhole unreachable prohibit throw nat'.split(' ');

const tos = named(dsfieldOf, 'TOS value is invalid', (r) => r.tos, 'tos');
const none: Picked = { test: () => false };

/** Criteria with a word, in the order in which an abbreviation finds them. iproute2: iproute_list_flush_or_save() */
const READERS: readonly (readonly [word: string, read: Reader, abbreviates?: true])[] = [
  ['tos', tos],
  ['dsfield', tos, true],
  ['protocol', named(protocolOf, 'invalid "protocol"', (r) => r.protocol, 'protocol'), true],
  ['scope', named(scopeOf, 'invalid "scope"', (r) => (r.family === 6 ? 0 : r.scope), 'scope'), true],
  [
    'type',
    (value) =>
      TYPES.includes(value) ? { test: (route) => route.type === value } : wrong(value, 'node type value is invalid'),
    true,
  ],
  ['dev', dev],
  ['oif', dev],
  ['iif', (value, at) => ('test' in dev(value, at) ? none : dev(value, at))],
  ['via', address('gateway', (r) => onlyHop(r)?.gateway)],
  ['src', address('prefsrc', (r) => r.prefsrc)],
  [
    'realms',
    (value) => {
      const [from, to] = value.includes('/') ? value.split('/').map(realmOf) : [0, realmOf(value)];
      if (from == null || to == null) return wrong(value, 'invalid realms');
      return { test: (route) => (onlyHop(route)?.realm ?? 0) === ((from << 16) | to) >>> 0 };
    },
    true,
  ],
  ['metric', named(unsigned, '"metric" value is invalid', (r) => r.metric, 'metric')],
  ['from', (value, at) => (prefixOf(value, at) ? { test: (r) => r.from?.addr === value } : noPrefix(value, at))],
  ['vrf', (value) => wrong(value, 'Invalid VRF')],
  ['root', destination('root')],
  ['match', destination('match')],
  ['exact', destination('exact')],
];

/** Reads what `ip route show` and `flush` are asked for. */
export function selectRoutes(words: readonly string[], at: At): RouteSelection | CommandOutput {
  let table: string | undefined;
  const picked: Picked[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === 'to') continue;
    if ('table'.startsWith(word)) {
      table = words[++i];
      if (table === undefined) return INCOMPLETE;
      if (!TABLE_NAME.test(table) && tableOf(table) === null) return wrong(table, 'table id value is invalid');
      continue;
    }
    if (word === 'cached' || word === 'cloned') {
      picked.push(none);
      continue;
    }
    const reader = READERS.find(([name, , abbreviates]) => name === word || (abbreviates && name.startsWith(word)));
    const value = reader ? words[++i] : word;
    if (value === undefined) return INCOMPLETE;
    const read = (reader?.[1] ?? destination('exact'))(value, at);
    if (!('test' in read)) return read;
    picked.push(read);
  }
  return {
    table,
    test: (route) => picked.every(({ test }) => test(route)),
    asked: new Set(picked.flatMap(({ asked }) => asked ?? [])),
  };
}

const TABLE_NAME = /^(all|0)$/;

/** A prefix of the family that was said, or of either. */
function prefixOf(text: string, { said, family }: At): Prefix | null {
  return readPrefix(text, said ?? (text.includes(':') ? 6 : text.includes('.') ? 4 : family));
}

function noPrefix(text: string, { said }: At): CommandOutput {
  const wanted = said === null ? 'any valid' : said === 4 ? 'inet' : 'inet6';
  return { stderr: `Error: ${wanted} prefix is expected rather than "${text}".\n`, exit: 1 };
}
