import type { Route } from '../../../fib';
import { type Host, routeCommand } from '../../../host';
import { maskLength, maskOf, parseAddr } from '../../../wire';
import { routeFlags } from '../../files/proc-net';
import { fails } from '../../output';
import { familyRoutes } from '../../routes';
import type { CommandOutput, LocalCommand } from '../../types';

/** net-tools 2.10 */
export const route: LocalCommand = {
  names: ['route'],
  help: 'Shows and changes routes, in the old way',
  run: ({ host, args }) => {
    const verb = args.find((a) => a === 'add' || a === 'del' || a === 'delete' || a === 'flush');
    if (args.includes('-6') || args.includes('inet6') || args.includes('--inet6')) {
      return { notModelled: 'route of IPv6 (ip -6 route shows it)' };
    }
    if (verb === undefined) {
      const has = (letter: string) => args.some((a) => a.startsWith('-') && a.includes(letter));
      const odd = args.find((a) => !/^-[ne4Nv]+$|^(-A|inet)$/.test(a));
      if (odd?.startsWith('-'))
        return fails(3, `route: invalid option -- '${odd.replace(/^-+/, '')[0] ?? ''}'\n${USAGE}`);
      if (odd !== undefined) return fails(4, USAGE);
      return { stdout: routeTable(host, has('n'), has('e')) };
    }
    if (verb === 'flush') return { notModelled: 'route flush' };
    return change(host, verb === 'add' ? 'add' : 'del', args.slice(args.indexOf(verb) + 1));
  },
};

const USAGE = `Usage: route [-nNvee] [-FC] [<AF>]           List kernel routing tables
       route [-v] [-FC] {add|del|flush} ...  Modify routing table for AF.

       route {-h|--help} [<AF>]              Detailed usage syntax for specified AF.
       route {-V|--version}                  Display version/author and exit.

        -v, --verbose            be verbose
        -n, --numeric            don't resolve names
        -e, --extend             display other/more information
        -F, --fib                display Forwarding Information Base (default)
        -C, --cache              display routing cache instead of FIB

  <AF>=Use -4, -6, '-A <af>', or '--<af>'; default: inet
  List of possible address families (which support routing):
    inet (DARPA Internet) inet6 (IPv6) ax25 (AMPR AX.25) 
    netrom (AMPR NET/ROM) rose (AMPR ROSE) ipx (Novell IPX) 
    ddp (Appletalk DDP) x25 (CCITT X.25) 
`;

/** `route`, and with MSS and window in place of the metric `netstat -r`. */
export function routeTable(host: Host, numeric: boolean, netstat: boolean): string {
  const title = netstat
    ? 'Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface'
    : 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface';
  const lines = familyRoutes(host, 4).map((r) => `${routeLine(r, numeric, netstat)}\n`);
  return `Kernel IP routing table\n${title}\n${lines.join('')}`;
}

function routeLine(r: Route, numeric: boolean, netstat: boolean): string {
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
  if (netstat) {
    if (reject) return `${start}    - -          - -`;
    const advmss = metric('advmss');
    const mss = advmss === 0 ? 0 : advmss + 40;
    return `${start}${String(mss).padStart(5)} ${String(metric('window')).padEnd(5)} ${'0'.padStart(6)} ${iface}`;
  }
  const ref = reject ? '-' : '0';
  return `${start}${String(r.metric).padEnd(6)} ${ref.padEnd(3)} ${'0'.padStart(6)} ${iface}`;
}

/** Why the kernel refuses it, as an ioctl says it. */
function ioctlError(message: string): string {
  if (/invalid gateway|unreachable/i.test(message)) return 'Network is unreachable';
  const known = /(File exists|No such process|No such device|Invalid argument|Network is down)/.exec(message);
  return known ? known[1]! : message.replace(/^(RTNETLINK answers|Error): /, '').trim();
}

function change(host: Host, verb: 'add' | 'del', words: readonly string[]): CommandOutput {
  let prefix = '';
  const rest: string[] = [];
  let type = '';
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const next = () => words[++i] ?? '';
    if (word === '-net' || word === '-host' || word === 'inet' || word === '-4') continue;
    if (word === 'gw' || word === 'gateway') rest.push('via', next());
    else if (word === 'netmask') {
      const length = maskLength(next());
      if (length === null) return fails(1, `route: bogus netmask ${words[i]}`);
      prefix = `${prefix.split('/')[0]}/${length}`;
    } else if (word === 'metric') rest.push('metric', next());
    else if (word === 'mss' || word === 'window' || word === 'irtt') return { notModelled: `route ${verb} ${word}` };
    else if (word === 'reject') type = 'unreachable';
    else if (word === 'dev' || word === 'device') rest.push('dev', next());
    else if (word === 'default') prefix = 'default';
    else if (/^\d+(\.\d+)*(\/\d+)?$/.test(word)) prefix = completed(word, words.includes('-net'));
    else if (prefix !== '' && host.iface(word)) rest.push('dev', word);
    else return prefix === '' ? fails(6, `${word}: Unknown host`) : fails(4, USAGE);
  }
  const dev = rest[rest.indexOf('dev') + 1];
  const ioctl = verb === 'add' ? 'SIOCADDRT' : 'SIOCDELRT';
  if (rest.includes('dev') && !host.iface(dev!)) return fails(7, `${ioctl}: No such device`);
  const gateway = rest[rest.indexOf('via') + 1];
  if (rest.includes('via') && parseAddr(gateway!) === null) return fails(6, `${gateway}: Unknown host`);
  const [addr = '', length] = prefix.split('/');
  if (length !== undefined && length !== '32' && !networkOf(addr, Number(length))) {
    return fails(4, `route: netmask doesn't match route address\n${USAGE}`);
  }
  const error = routeCommand(host, 4, verb, [
    ...(type === '' ? [] : [type]),
    prefix,
    ...rest,
    ...(type === '' ? [] : ['scope', 'host']),
  ]);
  return error ? fails(7, `${ioctl}: ${ioctlError(error.message)}`) : { changed: true };
}

/** Of `-net` without a mask the zeros at the end tell its length; else it is one address. */
function completed(word: string, net: boolean): string {
  const [addr = '', length] = word.split('/');
  const parts = addr.split('.');
  while (parts.length < 4) parts.push('0');
  const full = parts.join('.');
  if (length !== undefined) return `${full}/${length}`;
  if (!net) return full === '0.0.0.0' ? 'default' : `${full}/32`;
  const used = 4 - [...parts].reverse().findIndex((p) => p !== '0');
  return `${full}/${used * 8}`;
}

function networkOf(addr: string, length: number): boolean {
  const bits = addr
    .split('.')
    .map((n) => Number(n).toString(2).padStart(8, '0'))
    .join('');
  return !bits.slice(length).includes('1');
}
