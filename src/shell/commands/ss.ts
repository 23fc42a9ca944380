import type { Host } from '../../host';
import { serviceByPort } from '../../wire';
import { getopt, getoptText } from '../getopt';
import { fails } from '../output';
import { type SocketRow, socketsOf } from '../sockets';
import type { CommandOutput, LocalCommand } from '../types';
import { readSocketFilter } from './ss-filter';
import { SS_USAGE } from './ss-usage';

const SHORT = 'hVvnralomiepsbZNztudwxH046SMEOQKTDFf:A:';

const LONG: Readonly<Record<string, string>> = {
  numeric: 'n',
  resolve: 'r',
  options: 'o',
  extended: 'e',
  memory: 'm',
  info: 'i',
  processes: 'p',
  threads: 'T',
  bpf: 'b',
  dccp: 'd',
  tcp: 't',
  sctp: 'S',
  udp: 'u',
  raw: 'w',
  unix: 'x',
  tipc: 'TIPC',
  vsock: 'VSOCK',
  all: 'a',
  listening: 'l',
  ipv4: '4',
  ipv6: '6',
  packet: '0',
  'family=': 'f',
  'socket=': 'A',
  'query=': 'A',
  summary: 's',
  events: 'E',
  version: 'V',
  help: 'h',
  context: 'Z',
  contexts: 'z',
  'net=': 'N',
  tos: 'tos',
  cgroup: 'cgroup',
  kill: 'K',
  'no-header': 'H',
  'no-queues': 'Q',
  xdp: 'XDP',
  mptcp: 'M',
  oneline: 'O',
};

/** Options that print or do what nothing here has. */
const BEYOND = ['r', 'e', 'm', 'i', 'T', 'b', 'E', 'Z', 'z', 'N', 'K', 'Q', 'D', 'F', '0', 'TIPC', 'VSOCK', 'XDP', 'M'];

/** What -A and -f name. Of all but TCP and UDP a host here has none. */
const KINDS: Readonly<Record<string, string>> = { tcp: 't', udp: 'u', raw: 'w', unix: 'x', inet: 'tuw', inet6: 'tuw' };

/** Others that the tool knows by -f and -A. */
const FAMILIES = ['link', 'unix', 'netlink', 'tipc', 'vsock', 'xdp', 'help'];
const TABLES =
  'all dccp sctp mptcp unix_stream u_str unix_dgram u_dgr unix_seqpacket u_seq packet packet_raw p_raw packet_dgram p_dgr netlink tipc vsock vsock_stream v_str vsock_dgram v_dgr xdp'.split(
    ' ',
  );

/** iproute2 6.1 */
export const ss: LocalCommand = {
  names: ['ss'],
  help: 'Shows sockets',
  run: ({ host, args }) => {
    const { options, rest, wrong } = getopt(args, SHORT, LONG);
    if (wrong) return fails(255, getoptText('ss', wrong) + SS_USAGE);
    const has = new Set<string>();
    for (const { name, value } of options) {
      if (name === 'h') return { stdout: SS_USAGE };
      if (name === 'V' || name === 'v') return { stdout: 'ss utility, iproute2-6.1.0\n' };
      if (BEYOND.includes(name)) return { notModelled: `ss -${name}` };
      if (name === 'A') {
        const kinds = value.split(',').map((kind) => KINDS[kind]);
        const odd = value
          .split(',')
          .find((kind) => KINDS[kind] === undefined && !TABLES.includes(kind.replace(/^!/, '')));
        if (odd !== undefined) return fails(255, `ss: "${odd}" is illegal socket table id\n${SS_USAGE}`);
        if (kinds.includes(undefined)) return { notModelled: `ss -A ${value}` };
        for (const letter of kinds.join('')) has.add(letter);
      } else if (name === 'f') {
        if (FAMILIES.includes(value)) return { notModelled: `ss -f ${value}` };
        if (value !== 'inet' && value !== 'inet6') return fails(255, `ss: "${value}" is invalid family\n${SS_USAGE}`);
        setFamily(has, value === 'inet' ? '4' : '6');
      } else if (name === '4' || name === '6') setFamily(has, name);
      else has.add(name);
    }
    return has.has('s') ? { stdout: summary(host) } : show(host, has, rest);
  },
};

/** The last one counts. */
function setFamily(has: Set<string>, family: '4' | '6'): void {
  has.delete(family === '4' ? '6' : '4');
  has.add(family);
}

/** Sockets by transport. iproute2: print_summary() */
function summary(host: Host): string {
  const rows = socketsOf(host);
  const count = (test: (row: SocketRow) => boolean) => rows.filter(test).length;
  const of = (protocol: string) => (r: SocketRow) => protocol === 'INET' || r.protocol === protocol.toLowerCase();
  const line = (name: string) => {
    const [all, four] = [count(of(name)), count((r) => of(name)(r) && r.family === 4)];
    return `${name}\t  ${[all, four, all - four].map((n) => String(n).padEnd(9)).join(' ')}\n`;
  };
  const [tcp, estab, timewait] = [
    count(of('TCP')),
    count((r) => r.state === 'ESTAB'),
    count((r) => r.state === 'TIME-WAIT'),
  ];
  const head = `Total: ${rows.length - timewait}\nTCP:   ${tcp} (estab ${estab}, closed ${timewait}, orphaned 0, timewait ${timewait})\n\n`;
  return `${head}Transport Total     IP        IPv6\n${['RAW', 'UDP', 'TCP', 'INET', 'FRAG'].map(line).join('')}\n`;
}

const CONNECTED = [
  'ESTAB',
  'SYN-SENT',
  'SYN-RECV',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'CLOSE-WAIT',
  'LAST-ACK',
  'CLOSING',
];
const ALL = [...CONNECTED, 'LISTEN', 'UNCONN'];
const HALF = ['SYN-RECV', 'TIME-WAIT'];

/** iproute2: scan_state() */
const STATES: Readonly<Record<string, readonly string[]>> = {
  all: ALL,
  connected: CONNECTED,
  synchronized: CONNECTED.filter((s) => s !== 'SYN-SENT'),
  bucket: HALF,
  big: ALL.filter((s) => !HALF.includes(s)),
  established: ['ESTAB'],
  'syn-sent': ['SYN-SENT'],
  'syn-recv': ['SYN-RECV'],
  'syn-rcv': ['SYN-RECV'],
  'fin-wait-1': ['FIN-WAIT-1'],
  'fin-wait-2': ['FIN-WAIT-2'],
  'time-wait': ['TIME-WAIT'],
  'close-wait': ['CLOSE-WAIT'],
  'last-ack': ['LAST-ACK'],
  closing: ['CLOSING'],
  listening: ['LISTEN'],
  unconnected: ['UNCONN'],
  close: ['UNCONN'],
  closed: ['UNCONN'],
};

/** Without -a and -l: neither what listens nor what is half open or over. */
const CONNECTED_ONLY = CONNECTED.filter((s) => !HALF.includes(s));

/** States in which a timer of the kernel runs, that -o would tell. */
const WITH_TIMER = ['SYN-SENT', 'SYN-RECV', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT', 'LAST-ACK', 'CLOSING'];

function show(host: Host, has: ReadonlySet<string>, words: readonly string[]): CommandOutput {
  const kinds = [...'tuwxdS'].filter((kind) => has.has(kind));
  if (kinds.length === 0 && (has.has('a') || has.has('l')))
    return { notModelled: 'ss of sockets that are neither TCP nor UDP (give -t or -u)' };
  if (kinds.length === 1 && 'wdS'.includes(kinds[0]!)) return { notModelled: `ss -${kinds[0]} alone` };
  const states = readStates(words);
  if (!('rest' in states)) return states;
  const asked = has.has('4') ? 4 : has.has('6') ? 6 : null;
  const protocols = (['udp', 'tcp'] as const).filter((name) => kinds.length === 0 || kinds.includes(name[0]!));
  const filter = readSocketFilter(states.rest, { family: asked, protocols });
  if (!('test' in filter)) return filter;
  const family = filter.family ?? asked;
  const chosen = states.said ?? (has.has('a') ? ALL : has.has('l') ? ['LISTEN', 'UNCONN'] : CONNECTED_ONLY);
  const rows = socketsOf(host).filter((r) => {
    if (kinds.length > 0 && !has.has(r.protocol === 'tcp' ? 't' : 'u')) return false;
    if (family !== null && r.family !== family) return false;
    return chosen.includes(r.state) && filter.test(r);
  });
  const timer = has.has('o') && rows.find((r) => WITH_TIMER.includes(r.state));
  if (timer) return { notModelled: `ss -o of a socket in ${timer.state}` };
  // UDP is asked for first.
  const ordered = [...rows.filter((r) => r.protocol === 'udp'), ...rows.filter((r) => r.protocol === 'tcp')];
  const netid = kinds.length !== 1 || kinds[0] === 'x';
  // Of UDP alone it looks for connected sockets, and does not say so.
  const oneState = kinds.join('') === 'u' && family === null && !has.has('a') && !has.has('l');
  const state = states.said === null ? !oneState : states.said.length !== 1;
  return { stdout: table(ordered, { has: (letter) => has.has(letter), netid, state }) };
}

interface StateWords {
  /** Null: none was said. */
  readonly said: readonly string[] | null;
  /** The filter behind them. */
  readonly rest: readonly string[];
}

/** `state S` and `exclude S`, before the filter. */
function readStates(words: readonly string[]): StateWords | CommandOutput {
  let said: readonly string[] | null = null;
  let i = 0;
  for (; /^(state|excl(ude)?)$/.test(words[i] ?? ''); i += 2) {
    const name = words[i + 1];
    if (name === undefined) return fails(255, 'Command line is not complete. Try option "help"\n');
    const states = STATES[name.toLowerCase()];
    if (!states) return fails(255, `ss: wrong state name: ${name}\n`);
    said = words[i] === 'state' ? [...(said ?? []), ...states] : (said ?? ALL).filter((s) => !states.includes(s));
  }
  return { said, rest: words.slice(i) };
}

/** One column: how wide, to which side. */
interface Column {
  readonly head: string;
  readonly right: boolean;
  /** What stands before it. */
  readonly gap: string;
  readonly of: (row: SocketRow) => string;
}

interface TableForm {
  /** Is this option given? */
  readonly has: (letter: string) => boolean;
  /** One kind alone needs no name. */
  readonly netid: boolean;
  readonly state: boolean;
}

function table(rows: readonly SocketRow[], { has, netid: named, state: stated }: TableForm): string {
  const address = (addr: string) => (addr.includes(':') ? `[${addr}]` : addr);
  const port = (row: SocketRow, number: number) =>
    (has('n') ? null : serviceByPort(number, row.protocol)) ?? String(number);
  const none = (row: SocketRow) => (row.family === 4 ? '0.0.0.0' : '::');
  const users = (r: SocketRow) => (has('p') && r.program !== '' ? ` users:(("${r.program}",pid=${r.id},fd=3))` : '');
  const netid: Column = { head: 'Netid', right: false, gap: '', of: (r) => r.protocol };
  const state: Column = { head: 'State', right: false, gap: ' ', of: (r) => r.state };
  const columns: readonly Column[] = [
    ...(named ? [netid] : []),
    ...(stated ? [state] : []),
    { head: 'Recv-Q', right: false, gap: ' ', of: (r) => String(r.recvQueue).padEnd(6) },
    { head: 'Send-Q', right: false, gap: ' ', of: (r) => String(r.sendQueue).padEnd(6) },
    { head: 'Local Address:', right: true, gap: ' ', of: (r) => `${address(r.local)}:` },
    { head: 'Port', right: false, gap: '', of: (r) => port(r, r.lport) },
    { head: 'Peer Address:', right: true, gap: ' ', of: (r) => `${address(r.remote ?? none(r))}:` },
    { head: 'Port', right: false, gap: '', of: (r) => (r.remote === null ? '*' : port(r, r.rport)) },
    { head: 'Process', right: false, gap: '', of: users },
  ];
  const widths = columns.map((c) => Math.max(has('H') ? 0 : c.head.length, ...rows.map((r) => c.of(r).length)));
  const line = (cells: readonly string[]) =>
    columns
      .map((c, i) => (i === 0 ? '' : c.gap) + (c.right ? cells[i]!.padStart(widths[i]!) : cells[i]!.padEnd(widths[i]!)))
      .join('');
  const head = has('H') ? [] : [line(columns.map((c) => c.head))];
  return [...head, ...rows.map((r) => line(columns.map((c) => c.of(r))))].map((l) => `${l}\n`).join('');
}
