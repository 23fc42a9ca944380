import type { Host } from '../../../host';
import { serviceByPort } from '../../../wire';
import { fails } from '../../output';
import { type SocketRow, socketsOf } from '../../sockets';
import type { LocalCommand } from '../../types';
import { interfaceTable, sorted } from './ifconfig';
import { routeTable } from './route';

const LONG: Readonly<Record<string, string>> = {
  '--tcp': 't',
  '--udp': 'u',
  '--listening': 'l',
  '--numeric': 'n',
  '--programs': 'p',
  '--all': 'a',
  '--route': 'r',
  '--interfaces': 'i',
  '--statistics': 's',
  '--wide': 'W',
};

/** net-tools 2.10 */
export const netstat: LocalCommand = {
  names: ['netstat'],
  help: 'Shows sockets, routes and interfaces, in the old way',
  run: ({ host, args }) => {
    let letters = '';
    for (const arg of args) {
      const long = LONG[arg];
      if (long === undefined && arg.startsWith('--')) return fails(3, `netstat: unrecognized option '${arg}'`);
      letters += long ?? arg.replace(/^-/, '');
    }
    const odd = /[^tulnparies46WvxwNo]/.exec(letters);
    if (odd) return fails(3, `netstat: invalid option -- '${odd[0]}'`);
    const has = (letter: string) => letters.includes(letter);
    if (has('s')) return { notModelled: 'netstat -s (the counters of IP, ICMP, TCP and UDP)' };
    if (has('o') || has('x') || has('w')) return { notModelled: `netstat -${/[oxw]/.exec(letters)![0]}` };
    if (has('r')) return { stdout: routeTable(host, has('n'), true) };
    if (has('i')) {
      const shown = sorted(host).filter((i) => i.up || has('a'));
      return { stdout: `Kernel Interface table\n${interfaceTable(host, shown)}` };
    }
    return { stdout: sockets(host, has) };
  },
};

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

function sockets(host: Host, has: (letter: string) => boolean): string {
  const kinds = has('t') || has('u');
  const rows = socketsOf(host).filter((r) => {
    if (kinds && !has(r.protocol === 'tcp' ? 't' : 'u')) return false;
    if ((has('4') && !has('6') && r.family === 6) || (has('6') && !has('4') && r.family === 4)) return false;
    const server = r.state === 'LISTEN' || r.state === 'UNCONN';
    return has('a') || (has('l') ? server : !server);
  });
  const what = has('a') ? '(servers and established)' : has('l') ? '(only servers)' : '(w/o servers)';
  const program = has('p') ? ' PID/Program name    ' : '';
  const head = `Active Internet connections ${what}\nProto Recv-Q Send-Q Local Address           Foreign Address         State      ${program}\n`;
  const unix = kinds
    ? ''
    : `Active UNIX domain sockets ${what}\nProto RefCnt Flags       Type       State         I-Node${has('p') ? '   PID/Program name    ' : ''}   Path\n`;
  return head + rows.map((r) => line(r, has)).join('') + unix;
}

function line(row: SocketRow, has: (letter: string) => boolean): string {
  const end = (addr: string, port: number) => {
    const name = has('n') ? null : serviceByPort(port, row.protocol);
    const text = `:${port === 0 ? '*' : (name ?? port)}`;
    const host = !has('n') && (addr === '127.0.0.1' || addr === '::1') ? 'localhost' : addr;
    const shown = has('n') || !(addr === '0.0.0.0' || addr === '::') ? host : addr === '::' ? '[::]' : addr;
    return (has('W') ? shown : shown.slice(0, 23 - text.length)) + text;
  };
  const none = row.family === 4 ? '0.0.0.0' : '::';
  const protocol = `${row.protocol}${row.family === 6 ? '6' : ''}`.padEnd(5);
  const send = row.state === 'LISTEN' ? 0 : row.sendQueue;
  const queues = `${String(row.recvQueue).padStart(6)} ${String(send).padStart(6)}`;
  const ends = `${end(row.local, row.lport).padEnd(23)} ${end(row.remote ?? none, row.rport).padEnd(23)}`;
  const owner = row.program === '' ? '-' : `${row.id}/${row.program}`;
  const program = has('p') ? ` ${owner.padEnd(20)}` : '';
  return `${protocol} ${queues} ${ends} ${(STATES[row.state] ?? row.state).padEnd(11)}${program}\n`;
}
