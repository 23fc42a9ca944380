import type { Route } from '../../../fib';
import type { Host } from '../../../host';
import { maskOf } from '../../../wire';
import { routeFlags } from '../../files/proc-net';
import { getopt, getoptText } from '../../getopt';
import { fails } from '../../output';
import { familyRoutes } from '../../routes';
import type { LocalCommand } from '../../types';
import { changeRoute } from './route-change';
import { ROUTE_USAGE } from './route-usage';
import { VERSIONS } from './versions';

const SHORT = 'A:CFhneNVv46';

const LONG: Readonly<Record<string, string>> = {
  extend: 'e',
  verbose: 'v',
  numeric: 'n',
  symbolic: 'N',
  'protocol=': 'A',
  inet: '4',
  inet6: '6',
  cache: 'C',
  fib: 'F',
  help: 'h',
  version: 'V',
};

/** net-tools 2.10 */
export const route: LocalCommand = {
  names: ['route'],
  help: 'Shows and changes routes, in the old way',
  run: ({ host, args }) => {
    const at = args.findIndex((a) => /^(add|del|delete|flush)$/.test(a));
    const { options, rest, wrong } = getopt(at < 0 ? args : args.slice(0, at), SHORT, LONG);
    if (wrong) return { stderr: getoptText('route', wrong), stdout: ROUTE_USAGE };
    const given = options.map(({ name }) => name);
    const has = (letter: string) => given.includes(letter);
    const family = options.find(({ name }) => name === 'A')?.value ?? 'inet';
    if (has('V')) return { stdout: VERSIONS.route };
    if (has('h')) return { stdout: ROUTE_USAGE };
    if (has('6') || family === 'inet6') return { notModelled: 'route of IPv6 (ip -6 route shows it)' };
    if (family !== 'inet') return { notModelled: `route -A ${family}` };
    if (rest.length > 0) return fails(3, ROUTE_USAGE);
    if (at >= 0) return changeRoute(host, args[at] === 'add' ? 'add' : 'del', args[at]!, args.slice(at + 1));
    if (has('C'))
      return {
        stdout:
          'Kernel IP routing cache\nSource          Destination     Gateway         Flags Metric Ref    Use Iface\n',
      };
    const extended = given.filter((name) => name === 'e').length;
    return { stdout: routeTable(host, has('n'), ROUTE_FORMS[(extended + 1) % 4]!) };
  },
};

/** `route`; with MSS and window in place of the metric `netstat -r`; with both; or nothing but the head. */
type RouteForm = 'none' | 'route' | 'netstat' | 'both';

/** How often -e was given, counted from one in two bits. */
export const ROUTE_FORMS: readonly RouteForm[] = ['none', 'route', 'netstat', 'both'];

const TITLES: Readonly<Record<Exclude<RouteForm, 'none'>, string>> = {
  route: 'Flags Metric Ref    Use Iface',
  netstat: 'Flags   MSS Window  irtt Iface',
  both: 'Flags Metric Ref    Use Iface    MSS   Window irtt',
};

export function routeTable(host: Host, numeric: boolean, form: RouteForm): string {
  const head = 'Kernel IP routing table\n';
  if (form === 'none') return head;
  const lines = familyRoutes(host, 4).map((r) => `${routeLine(r, numeric, form)}\n`);
  const title = `Destination     Gateway         Genmask         ${TITLES[form]}`;
  return `${head}${title}\n${lines.join('')}`;
}

function routeLine(r: Route, numeric: boolean, form: RouteForm): string {
  const hop = r.nexthops[0];
  const bits = routeFlags(r);
  const reject = (bits & 0x200) !== 0;
  const gateway = reject ? '-' : (hop?.gateway ?? '0.0.0.0');
  const network = r.prefix.length === 0 && !numeric ? 'default' : r.prefix.addr;
  const letters = reject ? '!' : `U${(bits & 2) !== 0 ? 'G' : ''}`;
  const flags = `${letters}${(bits & 4) !== 0 ? 'H' : ''}`;
  const iface = reject || !hop ? '-' : hop.dev;
  const start = `${network.padEnd(15)} ${gateway.padEnd(15)} ${maskOf(r.prefix.length, 4).padEnd(15)} ${flags.padEnd(5)} `;
  const metric = (name: string) => Number(r.metrics.find((m) => m.name === name)?.value ?? 0);
  const advmss = metric('advmss');
  const mss = reject ? '-' : String(advmss === 0 ? 0 : advmss + 40);
  const window = reject ? '-' : String(metric('window'));
  const rtt = Number.parseInt(r.metrics.find((m) => m.name === 'rtt')?.value ?? '0', 10);
  const irtt = reject ? '-' : String(rtt);
  if (form === 'netstat') return `${start}${mss.padStart(5)} ${window.padEnd(5)} ${irtt.padStart(6)} ${iface}`;
  const use = `${start}${String(r.metric).padEnd(6)} ${(reject ? '-' : '0').padEnd(3)} ${'0'.padStart(6)} `;
  return form === 'route' ? use + iface : `${use}${iface.padEnd(8)} ${mss.padEnd(5)} ${window.padEnd(6)} ${irtt}`;
}
