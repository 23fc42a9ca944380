import { usagePage } from '../output';
import type { DumpOptions } from './types';

const VERSION = 'tcpdump version 4.99.3\nlibpcap version 1.10.3 (with TPACKET_V3)\n';

const USAGE = `${VERSION}${usagePage(
  'tcpdump',
  `usage: tcpdump [OPTIONS] [FILTER]
  -i, --interface IF                which one; any for all
  -Q, --direction in|out|inout      only packets that go this way
  -c NUMBER                         ends after so many packets
  -n                                addresses and ports as numbers
  -e                                with the addresses of the frame
  -v                                more of each header; twice and three times: still more
  -q                                less of it
  -t                                no time; up to five times: other forms of it
  -#, --number                      numbers the packets
  -S, --absolute-tcp-sequence-numbers   sequence numbers as they are sent
  -K, --dont-verify-checksums       does not look at checksums
  -A                                data as text
  -x                                bytes in hex, -xx with the frame's
  -X                                in hex and as text, -XX with the frame's
  --version                         the version that is modelled
  -h, --help                        this page
FILTER: host ADDR, src net PREFIX, tcp dst port PORT, portrange RANGE, icmp, icmp6, ip6, less BYTES, tcp[tcpflags]=tcp-syn,
        not udp and host ADDR or port PORT
`,
)}`;

/** Long options, and the letters that mean the same. */
const LONG: Readonly<Record<string, string>> = {
  interface: 'i',
  direction: 'Q',
  number: '#',
  'absolute-tcp-sequence-numbers': 'S',
  'dont-verify-checksums': 'K',
  'no-promiscuous-mode': 'p',
  'no-optimize': 'O',
  'snapshot-length': 's',
  version: 'V!',
  help: 'h',
  'immediate-mode': 'p',
  'packet-buffered': 'U',
  'list-interfaces': 'D',
};

const WITH_VALUE = 'BcCEFGijMQrsTVwWyzZ';
const KNOWN = `AbdDefhHIJKlLnNOpqStuUvxX#${WITH_VALUE}`;
/** What changes nothing here. */
const SILENT = 'lnUpOBsjNfZ';

export type ReadOptions =
  | { readonly ok: true; readonly options: DumpOptions }
  | { readonly ok: false; readonly exit: number; readonly stdout?: string; readonly stderr: string };

const wrong = (stderr: string, exit = 1): ReadOptions => ({ ok: false, exit, stderr });
const notModelled = (what: string): ReadOptions => wrong(`hookline: tcpdump ${what}: not modelled\n`, 127);

/** Options that say more the more often they stand. */
const COUNTED: Readonly<Record<string, 'verbose' | 'time' | 'ascii' | 'hex' | 'both'>> = {
  v: 'verbose',
  t: 'time',
  A: 'ascii',
  x: 'hex',
  X: 'both',
};
const FLAGS: Readonly<Record<string, 'numeric' | 'link' | 'quick' | 'absolute' | 'number' | 'noChecksum'>> = {
  n: 'numeric',
  e: 'link',
  q: 'quick',
  S: 'absolute',
  '#': 'number',
  K: 'noChecksum',
};

/** Reads what follows `tcpdump`, as getopt_long() does: options may stand behind words, until `--`. */
export function readOptions(args: readonly string[]): ReadOptions {
  const reader = new OptionReader(args);
  const fault = reader.read();
  if (fault !== null) return fault;
  const { options, words } = reader;
  if (options.time > 5) return wrong('tcpdump: only -t, -tt, -ttt, -tttt, and -ttttt are supported\n');
  return { ok: true, options: { ...options, filter: words.join(' ') } };
}

/** Its methods give what ends the command, or null. */
class OptionReader {
  readonly options = {
    iface: null as string | null,
    numeric: false,
    count: 0,
    link: false,
    verbose: 0,
    time: 0,
    quick: false,
    absolute: false,
    ascii: 0,
    hex: 0,
    both: 0,
    number: false,
    noChecksum: false,
    direction: 'inout' as DumpOptions['direction'],
  };
  readonly words: string[] = [];
  private readonly rest: string[];

  constructor(args: readonly string[]) {
    this.rest = [...args];
  }

  read(): ReadOptions | null {
    for (let arg = this.rest.shift(); arg !== undefined; arg = this.rest.shift()) {
      if (arg === '--') {
        this.words.push(...this.rest);
        return null;
      }
      const fault = arg.startsWith('--') ? this.long(arg.slice(2)) : this.letters(arg);
      if (fault !== null) return fault;
    }
    return null;
  }

  private long(text: string): ReadOptions | null {
    const [name = '', inline] = text.split(/=(.*)/s);
    const letter = LONG[name];
    if (letter === undefined) return wrong(`tcpdump: unrecognized option '--${name}'\n${USAGE}`);
    return this.take(letter, WITH_VALUE.includes(letter) ? (inline ?? this.rest.shift() ?? '') : '');
  }

  /** `-nvi eth0`; a word that begins with no `-` belongs to the filter. */
  private letters(arg: string): ReadOptions | null {
    if (!arg.startsWith('-') || arg === '-') {
      this.words.push(arg);
      return null;
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at]!;
      if (!KNOWN.includes(letter)) return wrong(`tcpdump: invalid option -- '${letter}'\n${USAGE}`);
      if (WITH_VALUE.includes(letter)) {
        const value = at + 1 < arg.length ? arg.slice(at + 1) : this.rest.shift();
        if (value === undefined) return wrong(`tcpdump: option requires an argument -- '${letter}'\n${USAGE}`);
        return this.take(letter, value);
      }
      const fault = this.take(letter, '');
      if (fault !== null) return fault;
    }
    return null;
  }

  private take(letter: string, value: string): ReadOptions | null {
    const { options } = this;
    const counted = COUNTED[letter];
    const flag = FLAGS[letter];
    if (counted !== undefined) options[counted]++;
    if (flag !== undefined) options[flag] = true;
    if (counted !== undefined || flag !== undefined) return null;
    switch (letter) {
      case 'i':
        options.iface = value;
        return null;
      case 'c':
        options.count = Number(value);
        return /^\d+$/.test(value) && options.count > 0 ? null : wrong(`tcpdump: invalid packet count ${value}\n`);
      case 'Q':
        if (!['in', 'out', 'inout'].includes(value.toLowerCase()))
          return wrong(`tcpdump: unknown capture direction \`${value}'\n`);
        options.direction = value.toLowerCase() as DumpOptions['direction'];
        return null;
      case 'V!':
        return { ok: false, exit: 0, stdout: VERSION, stderr: '' };
      case 'h':
        return { ok: false, exit: 0, stdout: USAGE, stderr: '' };
      default:
        return SILENT.includes(letter) ? null : notModelled(`-${letter}`);
    }
  }
}
