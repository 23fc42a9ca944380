import { nearest } from '../base';
import type { Addr, Family, Prefix } from '../wire';
import { dsfieldOf, namesOf, protocolOf, realmOf, scopeOf, tableOf, unsigned } from './names';
import type { RouteMetric, RouteType } from './types';
import { IpError, Reader } from './words';

export interface NexthopRequest {
  readonly gateway: Addr | null;
  readonly dev: string;
  readonly weight: number;
  readonly onlink: boolean;
  readonly realm: number;
}

/** What the words of a route say; null or '' where they say nothing. */
export interface RouteRequest {
  readonly family: Family;
  readonly type: RouteType | null;
  readonly prefix: Prefix;
  readonly from: Prefix | null;
  readonly tos: number;
  readonly metric: number | null;
  readonly table: number | null;
  readonly protocol: number | null;
  readonly scope: number | null;
  readonly prefsrc: Addr | null;
  readonly gateway: Addr | null;
  readonly dev: string;
  readonly onlink: boolean;
  readonly realm: number;
  readonly nexthops: readonly NexthopRequest[];
  readonly metrics: readonly RouteMetric[];
  readonly pref: number;
  readonly expires: number | null;
}

type Draft = { -readonly [K in keyof Omit<RouteRequest, 'prefix'>]: RouteRequest[K] } & { prefix: Prefix | null };

/** Metrics by name and in the order in which they are printed. Kernel: RTAX_* */
const METRICS = [
  'mtu',
  'window',
  'rtt',
  'rttvar',
  'ssthresh',
  'cwnd',
  'advmss',
  'reordering',
  'hoplimit',
  'initcwnd',
  'features',
  'rto_min',
  'initrwnd',
  'quickack',
  'congctl',
  'fastopen_no_cookie',
];

const OPTIONS = [
  ...METRICS,
  'src',
  'via',
  'from',
  'tos',
  'dsfield',
  'expires',
  'metric',
  'priority',
  'preference',
  'scope',
  'realms',
  'onlink',
  'nexthop',
  'protocol',
  'table',
  'dev',
  'pref',
  'to',
];

/**
 * Reads what follows `ip route add` (or del …). Throws IpError.
 *
 * iproute2: iproute_modify(), parse_nexthops(), ip/iproute.c
 */
export function parseRoute(words: readonly string[], family: Family): RouteRequest {
  const r = new Reader(words);
  const draft: Draft = {
    family,
    type: null,
    prefix: null,
    from: null,
    tos: 0,
    metric: null,
    table: null,
    protocol: null,
    scope: null,
    prefsrc: null,
    gateway: null,
    dev: '',
    onlink: false,
    realm: 0,
    nexthops: [],
    metrics: [],
    pref: 0,
    expires: null,
  };
  while (!r.done) {
    if (r.peek() === 'nexthop') {
      draft.nexthops = parseNexthops(r, family);
      break;
    }
    option(r, draft);
  }
  if (draft.prefix === null) throw new IpError('Usage: ip route { add | del | … } ROUTE', -1, 255);
  const metrics = [...draft.metrics].sort((a, b) => METRICS.indexOf(a.name) - METRICS.indexOf(b.name));
  return { ...draft, prefix: draft.prefix, metrics };
}

function option(r: Reader, draft: Draft): void {
  const { family } = draft;
  const word = r.value();
  const is = (name: string, least = name.length) => word.length >= least && name.startsWith(word);
  if (word === 'src') draft.prefsrc = r.addr(family);
  else if (word === 'via') {
    if (draft.gateway !== null) throw r.invalid('use nexthop syntax to specify multiple via\n');
    // 0.0.0.0 is no gateway.
    const via = parseVia(r, family);
    draft.gateway = via === '0.0.0.0' ? null : via;
  } else if (word === 'from') draft.from = r.prefix(family);
  else if (word === 'tos' || is('dsfield', 2))
    draft.tos = r.parsed(dsfieldOf, '"tos" value is invalid\n', namesOf.dsfields);
  else if (word === 'expires') draft.expires = r.parsed(unsigned, 'invalid "expires" value\n');
  else if (is('metric', 2) || is('priority', 2) || word === 'preference') {
    draft.metric = r.parsed(unsigned, '"metric" value is invalid\n');
  } else if (word === 'scope') draft.scope = r.parsed(scopeOf, 'invalid "scope" value\n', namesOf.scopes);
  else if (is('realms', 3)) draft.realm = r.parsed(parseRealms, '"realm" value is invalid\n');
  else if (word === 'onlink') draft.onlink = true;
  else if (is('protocol', 3)) draft.protocol = r.parsed(protocolOf, '"protocol" value is invalid\n', namesOf.protocols);
  else if (is('table', 3)) draft.table = r.parsed(tableOf, '"table" value is invalid\n', namesOf.tables);
  else if (word === 'dev' || word === 'oif') draft.dev = r.value();
  else if (word === 'pref') draft.pref = r.parsed(parsePref, '"pref" value is invalid\n', ['low', 'medium', 'high']);
  else if (METRICS.includes(word)) draft.metrics = [...draft.metrics, parseMetric(r, word)];
  else destination(r, draft, word);
}

function destination(r: Reader, draft: Draft, word: string): void {
  let text = word === 'to' ? r.value() : word;
  const type = /^\d/.test(text) ? null : parseType(text);
  if (type !== null) {
    draft.type = type;
    text = r.value();
  }
  if (draft.prefix !== null) {
    throw new IpError(`either "to" is duplicate, or "${text}" is a garbage.`, r.at - 1, 255, nearest(text, OPTIONS));
  }
  r.at--;
  draft.prefix = r.prefix(draft.family);
}

/** libiproute: rtnl_rtntype_a2n(), which takes any beginning of most names. */
function parseType(text: string): RouteType | null {
  if (text === 'local' || text === 'nat') return text;
  if (text === 'brd') return 'broadcast';
  const names: readonly RouteType[] = [
    'broadcast',
    'anycast',
    'multicast',
    'prohibit',
    'unreachable',
    'blackhole',
    'unicast',
    'throw',
  ];
  return names.find((n) => text !== '' && n.startsWith(text)) ?? null;
}

function parseVia(r: Reader, family: Family): Addr {
  const word = r.peek();
  if (word === 'inet' || word === 'inet6') {
    r.at++;
    return r.addr(word === 'inet' ? 4 : 6);
  }
  return r.addr(family);
}

function parseRealms(text: string): number | null {
  const [first, second, ...rest] = text.split('/');
  if (rest.length > 0) return null;
  const a = realmOf(first!);
  if (second === undefined || a === null) return a;
  const b = realmOf(second);
  return b === null ? null : ((a << 16) | b) >>> 0;
}

function parsePref(text: string): number | null {
  return text === 'low' ? -1 : text === 'medium' ? 0 : text === 'high' ? 1 : null;
}

function parseMetric(r: Reader, name: string): RouteMetric {
  const said = name !== 'features' && r.peek() === 'lock';
  if (said) r.at++;
  const lock = said || name === 'rto_min'; // the tool locks it
  const text = r.value();
  if (name === 'features' && text !== 'ecn') throw r.invalid('"features" value not valid\n', ['ecn']);
  if (name === 'features' || name === 'congctl') return { name, value: text, lock };
  if (name === 'rtt' || name === 'rttvar' || name === 'rto_min') {
    const m = /^(\d+(?:\.\d+)?)(s|sec|secs|ms|msec|msecs)?$/.exec(text);
    if (!m) throw r.invalid(`"${name}" value is invalid\n`);
    // Without a unit it is taken in the parts of a millisecond that the kernel keeps.
    const parts = m[2] === undefined && name !== 'rto_min' ? (name === 'rtt' ? 8 : 4) : 1;
    const ms = m[2]?.startsWith('s') ? Number(m[1]) * 1000 : Math.floor(Math.ceil(Number(m[1])) / parts);
    return { name, value: ms >= 1000 ? `${ms / 1000}s` : `${ms}ms`, lock };
  }
  const n = unsigned(text);
  if (n === null || (name === 'hoplimit' && n > 255)) throw r.invalid(`"${name}" value is invalid\n`);
  return { name, value: String(n), lock };
}

function parseNexthops(r: Reader, family: Family): readonly NexthopRequest[] {
  const nexthops: NexthopRequest[] = [];
  while (!r.done) {
    const word = r.value();
    if (word !== 'nexthop') {
      throw new IpError(`"nexthop" or end of line is expected instead of "${word}"`, r.at - 1);
    }
    if (r.done) throw new IpError('unexpected end of line after "nexthop"', r.at - 1);
    nexthops.push(parseNexthop(r, family));
  }
  return nexthops;
}

function parseNexthop(r: Reader, family: Family): NexthopRequest {
  const hop: { -readonly [K in keyof NexthopRequest]: NexthopRequest[K] } = {
    gateway: null,
    dev: '',
    weight: 1,
    onlink: false,
    realm: 0,
  };
  while (!r.done && r.peek() !== 'nexthop') {
    const word = r.value();
    if (word === 'via') hop.gateway = parseVia(r, family);
    else if (word === 'dev') hop.dev = r.value();
    else if (word === 'weight') hop.weight = r.parsed(parseWeight, '"weight" is invalid\n');
    else if (word === 'onlink') hop.onlink = true;
    else if ('realms'.startsWith(word)) hop.realm = r.parsed(parseRealms, '"realm" value is invalid\n');
    else {
      r.at--;
      break;
    }
  }
  return hop;
}

function parseWeight(text: string): number | null {
  const n = unsigned(text);
  return n === null || n === 0 || n > 256 ? null : n;
}
