import { serviceByPort } from '../../../wire';
import { inode } from '../../files/proc-sockets';
import { getopt, getoptText } from '../../getopt';
import { fails } from '../../output';
import { type SocketRow, socketsOf } from '../../sockets';
import type { LocalCommand } from '../../types';
import { block, interfaceTable, sorted } from './ifconfig';
import { NETSTAT_USAGE } from './netstat-usage';
import { ROUTE_FORMS, routeTable } from './route';
import { VERSIONS } from './versions';

const SHORT = 'A:CFMacdeghinNoprsStuUvVWw2fxlZ46';

const LONG: Readonly<Record<string, string>> = {
  'protocol=': 'A',
  route: 'r',
  interfaces: 'i',
  groups: 'g',
  statistics: 's',
  masquerade: 'M',
  verbose: 'v',
  wide: 'W',
  numeric: 'n',
  'numeric-hosts': 'hosts',
  'numeric-ports': 'ports',
  'numeric-users': 'users',
  symbolic: 'N',
  continuous: 'c',
  extend: 'e',
  programs: 'p',
  timers: 'o',
  all: 'a',
  listening: 'l',
  fib: 'F',
  cache: 'C',
  tcp: 't',
  sctp: 'S',
  udp: 'u',
  udplite: 'U',
  raw: 'w',
  unix: 'x',
  inet: '4',
  ip: '4',
  inet6: '6',
  version: 'V',
  help: 'h',
};

/** Options that print what nothing here has. */
const BEYOND: Readonly<Record<string, string>> = {
  s: 'netstat -s (the counters of IP, ICMP, TCP and UDP)',
  g: 'netstat -g (groups)',
  c: 'netstat -c (it goes on until it is stopped)',
  C: 'netstat -C',
  v: 'netstat -v',
  S: 'netstat -S',
  U: 'netstat -U',
  f: 'netstat -f',
  '2': 'netstat -2',
};

/** net-tools 2.10 */
export const netstat: LocalCommand = {
  names: ['netstat'],
  help: 'Shows sockets, routes and interfaces, in the old way',
  run: ({ host, args }) => {
    const { options, wrong } = getopt(args, SHORT, LONG);
    if (wrong) return fails(3, getoptText('netstat', wrong) + NETSTAT_USAGE);
    const given = new Set<string>();
    for (const { name, value } of options) {
      if (name === 'V') return { stdout: VERSIONS.netstat };
      if (name === 'h') return { stdout: NETSTAT_USAGE };
      if (name === 'Z') return fails(1, 'SELinux is not enabled on this machine.\n');
      if (BEYOND[name] !== undefined) return { notModelled: BEYOND[name] };
      if (name === 'A' && value !== 'inet' && value !== 'inet6') return { notModelled: `netstat -A ${value}` };
      given.add(name === 'A' ? (value === 'inet' ? '4' : '6') : name);
    }
    const has = (letter: string) => given.has(letter);
    // It can do one thing at a time, and that once.
    if (options.filter(({ name }) => 'irM'.includes(name)).length > 1) return fails(3, NETSTAT_USAGE);
    if (has('M')) return fails(1, "netstat: no support for `ip_masquerade' on this system.\n");
    if (has('r')) {
      if (has('x')) return fails(3, "No routing for address family `unix'.\n");
      if (has('6')) return { notModelled: 'netstat -r of IPv6 (ip -6 route shows it)' };
      const extended = options.filter(({ name }) => name === 'e').length;
      // Of none and one it makes one and none.
      const form = ROUTE_FORMS[(extended < 2 ? 2 - extended : extended + 1) % 4]!;
      return { stdout: routeTable(host, has('n') || has('hosts'), form) };
    }
    if (has('i')) {
      const shown = sorted(host).filter((i) => i.up || has('a'));
      const table = has('e') ? shown.map((i) => block(i)).join('') : interfaceTable(shown);
      return { stdout: `Kernel Interface table\n${table}` };
    }
    const rows = socketsOf(host);
    if (has('o') && rows.some((r) => (r.protocol === 'tcp' || !has('u')) && TIMED.includes(r.state)))
      return { notModelled: 'netstat -o of a socket whose timer runs' };
    return { stdout: sockets(rows, has) };
  },
};

/** States in which a timer of the kernel runs. */
const TIMED = ['SYN-SENT', 'SYN-RECV', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT', 'LAST-ACK', 'CLOSING'];

const STATES: Readonly<Record<string, string>> = {
  ESTAB: 'ESTABLISHED',
  'SYN-SENT': 'SYN_SENT',
  'SYN-RECV': 'SYN_RECV',
  'FIN-WAIT-1': 'FIN_WAIT1',
  'FIN-WAIT-2': 'FIN_WAIT2',
  'TIME-WAIT': 'TIME_WAIT',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  'LAST-ACK': 'LAST_ACK',
  UNCONN: '',
};

function sockets(all: readonly SocketRow[], has: (letter: string) => boolean): string {
  const families = ['4', '6'].some(has);
  // A family alone stands for all of its kinds, also beside -x.
  const kinds = ['t', 'u', 'w'].some(has) || (has('x') && !families);
  const rows = all.filter((r) => {
    if (kinds && !has(r.protocol === 'tcp' ? 't' : 'u')) return false;
    if (families && !has(String(r.family))) return false;
    const server = r.state === 'LISTEN' || r.state === 'UNCONN';
    return has('a') || (has('l') ? server : !server);
  });
  const what = has('a') ? '(servers and established)' : has('l') ? '(only servers)' : '(w/o servers)';
  const program = has('p') ? ' PID/Program name    ' : '';
  const columns = `${has('e') ? ' User       Inode     ' : ''}${program}${has('o') ? ' Timer' : ''}`;
  const internet = `Active Internet connections ${what}\nProto Recv-Q Send-Q Local Address           Foreign Address         State      ${columns}\n`;
  const head = has('x') && !['t', 'u', 'w', '4', '6'].some(has) ? '' : internet;
  const local = has('x') || !(kinds || families);
  const unix = `Active UNIX domain sockets ${what}\nProto RefCnt Flags       Type       State         I-Node  ${has('p') ? ' PID/Program name    ' : ''} Path\n`;
  return head + rows.map((r) => line(r, has)).join('') + (local ? unix : '');
}

function line(row: SocketRow, has: (letter: string) => boolean): string {
  const [hosts, ports] = [has('n') || has('hosts'), has('n') || has('ports')];
  const end = (addr: string, port: number) => {
    const name = ports ? null : serviceByPort(port, row.protocol);
    const text = `:${port === 0 ? '*' : (name ?? port)}`;
    const host = !hosts && (addr === '127.0.0.1' || addr === '::1') ? 'localhost' : addr;
    const shown = !hosts && addr === '::' ? '[::]' : host;
    return (has('W') ? shown : shown.slice(0, 23 - text.length)) + text;
  };
  const none = row.family === 4 ? '0.0.0.0' : '::';
  const protocol = `${row.protocol}${row.family === 6 ? '6' : ''}`.padEnd(5);
  const send = row.state === 'LISTEN' ? 0 : row.sendQueue;
  const queues = `${String(row.recvQueue).padStart(6)} ${String(send).padStart(6)}`;
  const ends = `${end(row.local, row.lport).padEnd(23)} ${end(row.remote ?? none, row.rport).padEnd(23)}`;
  const owner = row.program === '' ? '-' : `${row.id}/${row.program}`;
  const user = has('n') || has('users') ? '0' : 'root';
  const columns = [
    (STATES[row.state] ?? row.state).padEnd(11),
    ...(has('e') ? [`${user.padEnd(10)} ${String(inode(row)).padEnd(10)}`] : []),
    ...(has('p') ? [owner.padEnd(20)] : []),
    ...(has('o') ? ['off (0.00/0/0)'] : []),
  ];
  return `${protocol} ${queues} ${ends} ${columns.join(' ')}\n`;
}
