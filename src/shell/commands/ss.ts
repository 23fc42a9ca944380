import type { Host } from '../../host';
import { parsePrefix, prefixContains, serviceByName, serviceByPort } from '../../wire';
import { fails } from '../output';
import { type SocketRow, socketsOf } from '../sockets';
import type { CommandOutput, LocalCommand } from '../types';

const LONG: Readonly<Record<string, string>> = {
  '--tcp': 't',
  '--udp': 'u',
  '--listening': 'l',
  '--all': 'a',
  '--numeric': 'n',
  '--processes': 'p',
  '--no-header': 'H',
  '--ipv4': '4',
  '--ipv6': '6',
  '--summary': 's',
  '--oneline': 'O',
};

/** iproute2 6.1 */
export const ss: LocalCommand = {
  names: ['ss'],
  help: 'Shows sockets',
  run: ({ host, args }) => {
    let letters = '';
    let i = 0;
    for (; i < args.length && args[i]!.startsWith('-'); i++) {
      const arg = args[i]!;
      const long = LONG[arg];
      if (long === undefined && arg.startsWith('--')) {
        return fails(255, `ss: unrecognized option '${arg}'\n`);
      }
      letters += long ?? arg.slice(1);
    }
    const odd = /[^tulanp46HOemio0rsxwdfNZzbEKDFMSVWhBT]/.exec(letters);
    if (odd) return fails(255, `ss: invalid option -- '${odd[0]}'\n`);
    const model = /[emios0rxwdfNZzbEKDFMSVWhBT]/.exec(letters);
    if (model) return { notModelled: `ss -${model[0]}` };
    return show(host, letters, args.slice(i));
  },
};

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
const STATES: Readonly<Record<string, readonly string[]>> = {
  all: [...CONNECTED, 'LISTEN', 'UNCONN'],
  connected: CONNECTED,
  synchronized: CONNECTED.filter((s) => s !== 'SYN-SENT'),
  bucket: ['SYN-RECV', 'TIME-WAIT'],
  big: CONNECTED.filter((s) => s !== 'SYN-RECV' && s !== 'TIME-WAIT'),
  established: ['ESTAB'],
  'syn-sent': ['SYN-SENT'],
  'syn-recv': ['SYN-RECV'],
  'fin-wait-1': ['FIN-WAIT-1'],
  'fin-wait-2': ['FIN-WAIT-2'],
  'time-wait': ['TIME-WAIT'],
  'close-wait': ['CLOSE-WAIT'],
  'last-ack': ['LAST-ACK'],
  closing: ['CLOSING'],
  listening: ['LISTEN'],
  listen: ['LISTEN'],
  unconnected: ['UNCONN'],
};

function show(host: Host, letters: string, given: readonly string[]): CommandOutput {
  const has = (letter: string) => letters.includes(letter);
  const kinds = has('t') || has('u');
  if (!kinds && (has('a') || has('l')))
    return { notModelled: 'ss of sockets that are neither TCP nor UDP (give -t or -u)' };
  const words = given.flatMap((word) => word.split(/\s+/));
  const read = filters(words);
  if (!Array.isArray(read)) return read as CommandOutput;
  const states = has('a') ? STATES.all! : has('l') ? ['LISTEN', 'UNCONN'] : CONNECTED_ONLY;
  const chosen = stateWords(words) ?? states;
  const rows = socketsOf(host).filter((r) => {
    if (kinds && !has(r.protocol === 'tcp' ? 't' : 'u')) return false;
    if ((has('4') && !has('6') && r.family === 6) || (has('6') && !has('4') && r.family === 4)) return false;
    return chosen.includes(r.state) && read.every((test) => test(r));
  });
  // UDP is asked for first.
  const ordered = [...rows.filter((r) => r.protocol === 'udp'), ...rows.filter((r) => r.protocol === 'tcp')];
  return { stdout: table(ordered, has, stateWords(words)?.length === 1) };
}

/** Without -a and -l: neither what listens nor what is half open or over. */
const CONNECTED_ONLY = CONNECTED.filter((s) => s !== 'SYN-RECV' && s !== 'TIME-WAIT');

function stateWords(words: readonly string[]): readonly string[] | null {
  const at = words.indexOf('state');
  return at < 0 ? null : (STATES[words[at + 1]?.toLowerCase() ?? ''] ?? []);
}

type Test = (row: SocketRow) => boolean;

/** `state S`, `sport = :22`, `dst 10.0.0.0/8` and the like, all of them. */
function filters(words: readonly string[]): Test[] | CommandOutput {
  const tests: Test[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === 'state') {
      const state = words[++i] ?? '';
      if (!STATES[state.toLowerCase()]) return fails(255, `ss: wrong state name: ${state}`);
    } else if (word === 'and' || word === '&&') continue;
    else if (word === 'sport' || word === 'dport') {
      const operator = words[i + 1] === '=' || words[i + 1] === 'eq' || words[i + 1] === '==';
      if (operator) i++;
      const text = (words[++i] ?? '').replace(/^:/, '');
      const port = /^\d+$/.test(text) ? Number(text) : (serviceByName(text, 'tcp') ?? serviceByName(text, 'udp'));
      if (port === null) return fails(255, `Error: an inet prefix is expected rather than "${text}".`);
      tests.push((r) => (word === 'sport' ? r.lport : r.rport) === port);
    } else if (word === 'src' || word === 'dst') {
      const text = words[++i] ?? '';
      const prefix = parsePrefix(text);
      if (!prefix) return { notModelled: `ss ${word} ${text}` };
      tests.push((r) => {
        const addr = word === 'src' ? r.local : r.remote;
        return addr !== null && prefixContains(prefix, addr);
      });
    } else return { notModelled: `ss with the filter ${words.join(' ')}` };
  }
  return tests;
}

/** One column: how wide, to which side. */
interface Column {
  readonly head: string;
  readonly right: boolean;
  /** What stands before it. */
  readonly gap: string;
  readonly of: (row: SocketRow) => string;
}

function table(rows: readonly SocketRow[], has: (letter: string) => boolean, oneState: boolean): string {
  const address = (addr: string) => (addr.includes(':') ? `[${addr}]` : addr);
  const port = (row: SocketRow, number: number) =>
    (has('n') ? null : serviceByPort(number, row.protocol)) ?? String(number);
  const none = (row: SocketRow) => (row.family === 4 ? '0.0.0.0' : '::');
  const users = (r: SocketRow) => (has('p') && r.program !== '' ? ` users:(("${r.program}",pid=${r.id},fd=3))` : '');
  const netid: Column = { head: 'Netid', right: false, gap: '', of: (r) => r.protocol };
  // One kind alone needs no name.
  const first = has('t') !== has('u') ? [] : [netid];
  const state: Column = { head: 'State', right: false, gap: ' ', of: (r) => r.state };
  const columns: readonly Column[] = [
    ...first,
    ...(oneState ? [] : [state]),
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
