import { type Field, SECOND } from '../../base';
import {
  dsfieldText,
  type FibResult,
  flowTo,
  metricFields,
  prefField,
  protocolText,
  type Route,
  RTPROT,
  readPrefix,
  realmFields,
  routeFields,
  scopeText,
  TABLE,
  tableText,
  viaFields,
} from '../../fib';
import { type Host, pmtuOf } from '../../host';
import { routeInput } from '../../host/lazy';
import type { Dst, Errno, FlowKey } from '../../model';
import { type Addr, type Family, familyOf, IPPROTO, isMulticast, protocolNumber } from '../../wire';
import { fails } from '../output';
import type { CommandOutput } from '../types';
import { INCOMPLETE, type IpOptions, listed } from './ip';

const ERRORS: Partial<Record<Errno, string>> = {
  ENETUNREACH: 'Network is unreachable',
  EHOSTUNREACH: 'No route to host',
  EACCES: 'Permission denied',
  EINVAL: 'Invalid argument',
  EMSGSIZE: 'Message too long',
};

const refused = (errno: Errno): CommandOutput => fails(2, `RTNETLINK answers: ${ERRORS[errno] ?? errno}`);

interface Asked {
  to: Addr | null;
  src?: Addr;
  iif?: string;
  oif?: string;
  mark?: number;
  tos?: number;
  uid?: number;
  protocol?: number;
  sport?: number;
  dport?: number;
  fibmatch: boolean;
  warning: string;
}

/** `ip route get ADDRESS [from A] [iif D] [oif D] [mark N] [tos T] …`. iproute2: iproute_get() */
export function routeGet(host: Host, options: IpOptions, args: readonly string[]): CommandOutput {
  const asked = read(host, options.family, args);
  if (!('to' in asked)) return asked;
  const { to } = asked;
  if (to === null) return fails(1, 'need at least a destination address');
  const family = familyOf(to);
  const answer = family === 4 ? get4(host, asked, to, options) : get6(host, asked, to, options);
  const out = isFields(answer) ? listed([[...answer, ['', '\n']]], options) : answer;
  return { ...out, stderr: asked.warning + (out.stderr ?? '') };
}

type Answer = readonly Field[] | CommandOutput;

const isFields = (answer: Answer): answer is readonly Field[] => Array.isArray(answer);

function read(host: Host, preferred: Family | null, args: readonly string[]): Asked | CommandOutput {
  const asked: Asked = { to: null, fibmatch: false, warning: '' };
  let family = preferred;
  for (let i = 0; i < args.length; i++) {
    const said = args[i]!;
    const word = ABBREVIATED.find((name) => said !== '' && name.startsWith(said)) ?? said;
    if (VALUED.includes(word) && i + 1 === args.length) return INCOMPLETE;
    const next = () => args[++i] ?? '';
    if (word === 'from') {
      const text = next();
      const addr = prefixOf(text, family);
      if (addr === null) return fails(1, `Error: ${kind(family)} prefix is expected rather than "${text}".`);
      asked.src = addr;
      family ??= familyOf(addr);
    } else if (word === 'iif' || word === 'oif' || word === 'dev') {
      const name = next();
      if (word === 'iif') asked.iif = name;
      else asked.oif = name;
    } else if (word === 'mark' || word === 'uid' || word === 'sport' || word === 'dport') {
      const text = next();
      const number = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : null;
      const wrong = { mark: 'invalid mark value', uid: 'invalid UID', sport: 'invalid sport', dport: 'invalid dport' };
      if (number === null) return fails(255, `Error: argument "${text}" is wrong: ${wrong[word]}\n`);
      asked[word] = number;
    } else if (word === 'tos' || word === 'dsfield') {
      const text = next();
      if (!/^(0x)?[0-9a-f]+$/i.test(text))
        return fails(255, `Error: argument "${text}" is wrong: TOS value is invalid\n`);
      asked.tos = Number.parseInt(text, 16);
    } else if (word === 'ipproto') {
      const text = next();
      const number = /^\d+$/.test(text) ? Number(text) : protocolNumber(text);
      if (number === null) return fails(255, `Error: argument "${text}" is wrong: Invalid "ipproto" value\n`);
      asked.protocol = number;
    } else if (word === 'fibmatch') asked.fibmatch = true;
    else if (word === 'vrf' || word === 'connected' || word === 'notify')
      return { notModelled: `ip route get ${word}` };
    else {
      const text = word === 'to' ? next() : word;
      const addr = prefixOf(text, family);
      if (addr === null) return fails(1, `Error: ${kind(family)} prefix is expected rather than "${text}".`);
      asked.to = addr;
      family ??= familyOf(addr);
      const length = text.split('/')[1];
      const full = familyOf(addr) === 4 ? '32' : '128';
      if (length !== undefined && length !== full)
        asked.warning = `Warning: /${length} as prefix is invalid, only /${full} (or none) is supported.\n`;
    }
  }
  const missing = [asked.iif, asked.oif].find((name) => name !== undefined && !host.iface(name));
  return asked.to === null || missing === undefined
    ? asked
    : fails(1, `${asked.warning}Cannot find device "${missing}"`);
}

/** Words that may be cut short, in the order in which they are tried. iproute2: matches() */
const ABBREVIATED = 'dsfield from iif mark oif notify connected vrf uid fibmatch'.split(' ');

/** Words that take another. */
const VALUED = ['from', 'iif', 'oif', 'dev', 'mark', 'uid', 'sport', 'dport', 'tos', 'dsfield', 'ipproto', 'to'];

function kind(family: Family | null): string {
  return family === null ? 'any valid' : family === 4 ? 'inet' : 'inet6';
}

function prefixOf(text: string, family: Family | null): Addr | null {
  return readPrefix(text, family ?? (text.includes(':') ? 6 : 4))?.addr ?? null;
}

/** What is asked about is UDP in IPv4, if it is not said. Kernel: inet_rtm_getroute(), inet6_rtm_getroute() */
function keyOf(asked: Asked, family: Family, to: Addr): FlowKey {
  const { src, oif, mark, tos, sport, dport, uid } = asked;
  const protocol = asked.protocol ?? (family === 4 ? IPPROTO.udp : undefined);
  return {
    family,
    dst: to,
    ...(src === undefined ? null : { src }),
    ...(oif === undefined ? null : { oif }),
    ...(mark === undefined ? null : { mark }),
    ...(tos === undefined ? null : { tos }),
    ...(protocol === undefined ? null : { protocol }),
    ...(sport === undefined ? null : { sport }),
    ...(dport === undefined ? null : { dport }),
    ...(uid === undefined ? null : { uid }),
  };
}

/** The route itself that a lookup ends at. */
function found(host: Host, key: FlowKey): FibResult {
  const { family, dst, ...rest } = key;
  const strict = /^fe[89ab]/.test(dst) || isMulticast(dst) || dst === '::1' || rest.oif !== undefined;
  const strictIface = family === 6 && strict;
  return host.fib[family].lookup(flowTo(dst, { ...rest, prefer: rest.iif ?? '', strictIface }), host);
}

function matched(host: Host, found: Route, { details }: IpOptions): readonly Field[] {
  const merged = found.family === 4 && !host.fib[4].customRules;
  return routeFields(merged ? { ...found, table: TABLE.main } : found, { table: true, details });
}

/** A field, if there is something to say. */
const given = (key: string, value: string | null, words = `${key} ${value} `): readonly Field[] =>
  value === null ? [] : [[key, value, words]];

const typeField = (type: string, details: boolean): readonly Field[] =>
  type === 'unicast' && !details ? [] : [['type', type, `${type} `]];

const addressField = (key: 'dst' | 'prefsrc', addr: Addr): Field => [
  key,
  addr,
  `${key === 'dst' ? '' : 'src '}${addr} `,
];

/** The route's own. Kernel: rt_fill_info() */
const tosField = (route: Route | null): readonly Field[] => (route?.tos ? [['tos', dsfieldText(route.tos)]] : []);

const markField = (mark: number | undefined): readonly Field[] =>
  mark ? [['mark', mark, `mark ${mark >= 16 ? `0x${mark.toString(16)}` : mark} `]] : [];

/** A flag of the kernel's route stands where the tool looks for another one. */
const flagsField = (type: Dst['type']): Field =>
  type === 'multicast' ? ['flags', ['rt_offload_failed'], 'rt_offload_failed '] : ['flags', [], ''];

/** iproute2: print_cache_flags() */
const cacheField = (flags: readonly string[]): Field => [
  'cache',
  flags,
  `\n    cache ${flags.length === 0 ? '' : `<${flags.join(',')}> `}`,
];

function get4(host: Host, asked: Asked, to: Addr, options: IpOptions): Answer {
  const { src, iif, mark, uid } = asked;
  const key = keyOf(asked, 4, to);
  const route = routeOf(host, asked, to);
  const id = tableOf(host, route);
  const { details } = options;
  const table: readonly Field[] = id !== '' && (details || id !== 'main') ? [['table', id]] : [];
  if (iif !== undefined) {
    const answer = routeInput(host, { ...key, src: src ?? '0.0.0.0', iif });
    if (!answer.ok) return refused(answer.errno);
    const { dst } = answer;
    const cache = dst.rtBroadcast ? ['local', 'brd'] : dst.rtMulticast ? ['local', 'mc'] : dst.rtLocal ? ['local'] : [];
    return [
      ...typeField(dst.type, details),
      addressField('dst', to),
      ...given('from', src === '0.0.0.0' ? null : (src ?? null)),
      ...tosField(route),
      ...viaFields(4, dst.gateway),
      ['dev', dst.rtLocal || dst.rtBroadcast ? 'lo' : dst.dev],
      ...table,
      flagsField(dst.type),
      ...markField(mark),
      ...realmFields(dst.realm),
      cacheField(cache),
      ...metricFields(route?.metrics ?? []),
      ['iif', iif],
    ];
  }
  if (src !== undefined && host.addrType(4, src) !== 'LOCAL') return refused('ENETUNREACH');
  if (to === '0.0.0.0') {
    if (asked.fibmatch) return refused('EHOSTUNREACH');
    // Nowhere is the host itself, and no table is asked. Kernel: ip_route_output_key_hash_rcu()
    const own = host.devices.get(asked.oif ?? '')?.of(4)[0]?.addr ?? '127.0.0.1';
    return [
      ...typeField('local', details),
      addressField('dst', to),
      ...given('from', src ?? null),
      ['dev', 'lo'],
      ...(src === undefined ? [addressField('prefsrc', own)] : []),
      flagsField('local'),
      ...markField(mark),
      ['uid', uid ?? 0],
      cacheField(['local']),
    ];
  }
  const answer = host.route(key);
  if (!answer.ok) return refused(answer.errno);
  if (asked.fibmatch) {
    const result = found(host, key);
    // The type told is that of the destination. Kernel: inet_rtm_getroute()
    const { type } = answer.dst;
    return result.ok ? matched(host, { ...result.route, type }, options) : refused('ENETUNREACH');
  }
  const { dst } = answer;
  const own = dst.prefsrc ?? host.selectAddr(4, dst.dev, dst.gateway ?? to);
  const joined = dst.type === 'multicast' && host.joined(dst.dev, to) ? ['local', 'mc'] : ['mc'];
  const cache = { unicast: [], local: ['local'], broadcast: ['local', 'brd'], multicast: joined, anycast: [] };
  return [
    ...typeField(dst.type, details),
    addressField('dst', to),
    ...given('from', src ?? null),
    ...tosField(route),
    ...viaFields(4, dst.gateway),
    ['dev', dst.dev],
    ...table,
    ...(src === undefined && own !== null ? [addressField('prefsrc', own)] : []),
    flagsField(dst.type),
    ...markField(mark),
    ...realmFields(dst.realm),
    ['uid', uid ?? 0],
    cacheField(cache[dst.type]),
    ...pathFields(host, to, dst, route),
  ];
}

/** What is known of the path, and the metrics of its route, among them the MTU of the path. iproute2: print_rta_cacheinfo() */
function pathFields(host: Host, to: Addr, way: Pick<Dst, 'dev' | 'gateway'>, route: Route | null): readonly Field[] {
  const known = pmtuOf(host, to, way);
  if (known === null) return metricFields(route?.metrics ?? []);
  const mtu = { name: 'mtu', value: String(known.mtu), lock: known.locked };
  const others = route?.metrics.filter((m) => m.name !== 'mtu') ?? [];
  // Some of the last second has always gone by.
  const left = Math.ceil((known.until - host.now()) / SECOND) - 1;
  return [['expires', left, `expires ${left}sec `], ...metricFields([mtu, ...others])];
}

/** The route that is looked up, null if none was, as for groups. */
function routeOf(host: Host, asked: Asked, to: Addr): Route | null {
  const { iif, src, oif } = asked;
  const toAll = to === '255.255.255.255';
  if (toAll || isMulticast(to)) {
    if (iif !== undefined || (oif === undefined && src !== undefined)) return null;
    if (oif !== undefined && (toAll || to.startsWith('224.0.0.'))) return null;
  }
  const own =
    isMulticast(to) && oif !== undefined && src === undefined ? (host.selectAddr(4, oif, to) ?? undefined) : undefined;
  const result = found(host, {
    ...keyOf(asked, 4, to),
    ...(iif === undefined ? null : { iif }),
    ...(own === undefined ? null : { src: own }),
  });
  return result.ok ? result.route : null;
}

/** Without rules of one's own the tables local and main are one, and go by the name of main. */
function tableOf(host: Host, route: Route | null): string {
  if (route === null) return '';
  return host.fib[4].customRules ? tableText(route.table) : 'main';
}

/** What comes in is nobody's. Kernel: inet6_rtm_getroute() */
const INVALID_UID = 0xffff_ffff;

function get6(host: Host, asked: Asked, to: Addr, options: IpOptions): Answer {
  const { iif, src } = asked;
  const key: FlowKey = {
    ...keyOf(asked, 6, to),
    ...(iif === undefined ? null : { iif, uid: asked.uid ?? INVALID_UID }),
  };
  const result = found(host, key);
  if (!result.ok) return refused(result.error);
  const { route, nexthop } = result;
  if (asked.fibmatch) return matched(host, route, options);
  // An anycast route that a command made leads to its interface. Kernel: RTF_ANYCAST
  const local = route.type === 'local' || (route.type === 'anycast' && route.protocol === RTPROT.kernel);
  const dev = local ? 'lo' : nexthop.dev;
  let source = route.prefsrc;
  if (iif === undefined && source === null) {
    const { src: _, ...unbound } = key;
    const answer = host.route(unbound);
    if (answer.ok) source = answer.dst.prefsrc;
  }
  // No daemon forwards groups. Kernel: ip6mr_get_route()
  if (iif !== undefined && isMulticast(to)) return refused('EMSGSIZE');
  const { details } = options;
  const protocol = protocolText(route.protocol);
  return [
    ...typeField(route.type, details),
    addressField('dst', to),
    ['from', src ?? '::'],
    ...viaFields(6, local ? null : nexthop.gateway),
    ['dev', dev],
    ...given('table', route.table === TABLE.main && !details ? null : tableText(route.table)),
    ...given('protocol', route.protocol === RTPROT.boot && !details ? null : protocol, `proto ${protocol} `),
    ...given('scope', details ? scopeText(0) : null),
    ...(source === null ? [] : [addressField('prefsrc', source)]),
    ['metric', route.metric],
    flagsField('unicast'),
    ...pathFields(host, to, { dev, gateway: local ? null : nexthop.gateway }, route),
    ...given('iif', iif ?? null),
    prefField(route.pref),
  ];
}
