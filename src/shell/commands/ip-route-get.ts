import { SECOND } from '../../base';
import {
  type FibResult,
  flowTo,
  metricsText,
  printRoute,
  protocolText,
  type Route,
  RTPROT,
  readPrefix,
  realmsText,
  scopeText,
  TABLE,
  tableText,
} from '../../fib';
import { type Host, pmtuOf, routeInput } from '../../host';
import type { Dst, Errno, FlowKey } from '../../model';
import { type Addr, type Family, familyOf, IPPROTO, isMulticast, protocolNumber } from '../../wire';
import { fails } from '../output';
import type { CommandOutput } from '../types';
import { INCOMPLETE, type IpOptions } from './ip';
import { detailed } from './ip-route-line';

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
  const out = family === 4 ? get4(host, asked, to, options) : get6(host, asked, to, options);
  const text = options.oneLine ? out.stdout?.replace(/\n(?=.)/g, '\\') : out.stdout;
  const stdout = text === undefined ? {} : { stdout: text.endsWith('\n') ? text : `${text}\n` };
  return { ...out, ...stdout, stderr: asked.warning + (out.stderr ?? '') };
}

function read(host: Host, said: Family | null, args: readonly string[]): Asked | CommandOutput {
  const asked: Asked = { to: null, fibmatch: false, warning: '' };
  let family = said;
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
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
      if (!host.iface(name)) return fails(1, `Cannot find device "${name}"`);
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
  return asked;
}

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

function matched(host: Host, found: Route, { details }: IpOptions): CommandOutput {
  const merged = found.family === 4 && !host.fib[4].customRules;
  const route = merged ? { ...found, table: TABLE.main } : found;
  const line = printRoute(route, true);
  return { stdout: `${details ? detailed(line, route, true) : line}\n` };
}

const markText = (mark: number | undefined): string =>
  mark === undefined || mark === 0 ? '' : `mark ${mark >= 16 ? `0x${mark.toString(16)}` : mark} `;

/** A flag of the kernel's route stands where the tool looks for another one. */
const flagText = ({ type }: Dst): string => (type === 'multicast' ? 'rt_offload_failed ' : '');

/** IPv4's gateway; it may be one of IPv6. */
function viaText(gateway: string | null): string {
  if (gateway === null) return '';
  return `via ${gateway.includes(':') ? 'inet6 ' : ''}${gateway} `;
}

function get4(host: Host, asked: Asked, to: Addr, options: IpOptions): CommandOutput {
  const { src, iif, mark, uid } = asked;
  const key = keyOf(asked, 4, to);
  const route = routeOf(host, asked, to);
  const id = tableOf(host, route);
  const table = id !== '' && (options.details || id !== 'main') ? `table ${id} ` : '';
  if (iif !== undefined) {
    const answer = routeInput(host, { ...key, src: src ?? '0.0.0.0', iif });
    if (!answer.ok) return refused(answer.errno);
    const { dst } = answer;
    const type = dst.type === 'unicast' ? (options.details ? 'unicast ' : '') : `${dst.type} `;
    const via = viaText(dst.gateway);
    const dev = dst.rtLocal || dst.rtBroadcast ? 'lo' : dst.dev;
    const cache = dst.rtBroadcast ? '<local,brd> ' : dst.rtMulticast ? '<local,mc> ' : dst.rtLocal ? '<local> ' : '';
    const from = src === undefined || src === '0.0.0.0' ? '' : `from ${src} `;
    const metrics = route ? metricsText(route) : '';
    return {
      stdout: `${type}${to} ${from}${via}dev ${dev} ${table}${flagText(dst)}${markText(mark)}${realmsText(dst.realm)}\n    cache ${cache}${metrics}iif ${iif} \n`,
    };
  }
  if (src !== undefined && host.addrType(4, src) !== 'LOCAL') return refused('ENETUNREACH');
  if (to === '0.0.0.0') {
    if (asked.fibmatch) return refused('EHOSTUNREACH');
    // Nowhere is the host itself, and no table is asked. Kernel: ip_route_output_key_hash_rcu()
    const own = host.devices.get(asked.oif ?? '')?.of(4)[0]?.addr ?? '127.0.0.1';
    const way = src === undefined ? `dev lo src ${own} ` : `from ${src} dev lo `;
    return { stdout: `local ${to} ${way}${markText(mark)}uid ${uid ?? 0} \n    cache <local> \n` };
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
  const source = src === undefined && own !== null ? `src ${own} ` : '';
  const type = dst.type === 'unicast' ? (options.details ? 'unicast ' : '') : `${dst.type} `;
  const from = src === undefined ? '' : `from ${src} `;
  const via = viaText(dst.gateway);
  const joined = dst.type === 'multicast' && host.joined(dst.dev, to) ? '<local,mc> ' : '<mc> ';
  const cache = { unicast: '', local: '<local> ', broadcast: '<local,brd> ', multicast: joined, anycast: '' };
  const line = `${type}${to} ${from}${via}dev ${dst.dev} ${table}${source}${flagText(dst)}${markText(mark)}${realmsText(dst.realm)}uid ${uid ?? 0} `;
  return { stdout: `${line}\n    cache ${cache[dst.type]}${pathText(host, to, dst, route)}\n` };
}

/** What is known of the path, and the metrics of its route, among them the MTU of the path. iproute2: print_rta_cacheinfo() */
function pathText(host: Host, to: Addr, way: Pick<Dst, 'dev' | 'gateway'>, route: Route | null): string {
  const known = pmtuOf(host, to, way);
  if (known === null) return route ? metricsText(route) : '';
  const mtu = { name: 'mtu', value: String(known.mtu), lock: known.locked };
  const others = route?.metrics.filter((m) => m.name !== 'mtu') ?? [];
  // Some of the last second has always gone by.
  const left = Math.ceil((known.until - host.now()) / SECOND) - 1;
  return `expires ${left}sec ${metricsText({ metrics: [mtu, ...others] })}`;
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

function get6(host: Host, asked: Asked, to: Addr, options: IpOptions): CommandOutput {
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
  const words = [
    route.type === 'unicast' ? (details ? 'unicast ' : '') : `${route.type} `,
    `${to} from ${src ?? '::'} `,
    local || nexthop.gateway === null ? '' : `via ${nexthop.gateway} `,
    `dev ${dev} `,
    route.table === 254 && !details ? '' : `table ${tableText(route.table)} `,
    route.protocol === RTPROT.boot && !details ? '' : `proto ${protocolText(route.protocol)} `,
    details ? `scope ${scopeText(0)} ` : '',
    source === null ? '' : `src ${source} `,
    `metric ${route.metric} `,
    pathText(host, to, { dev, gateway: local ? null : nexthop.gateway }, route),
    iif === undefined ? '' : `iif ${iif} `,
    `pref ${route.pref === 0 ? 'medium' : route.pref > 0 ? 'high' : 'low'}`,
  ];
  return { stdout: `${words.join('')}\n` };
}
