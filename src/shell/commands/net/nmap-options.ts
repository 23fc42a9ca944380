import type { Family } from '../../../wire';
import { fails } from '../../output';
import type { CommandOutput } from '../../types';

export type Scan = 'syn' | 'connect' | 'udp';

export interface NmapOptions {
  readonly targets: readonly string[];
  readonly scans: readonly Scan[];
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
  /** `-sn`: no ports. */
  readonly discoverOnly: boolean;
  /** `-Pn`: every host counts as up. */
  readonly assumeUp: boolean;
  readonly numeric: boolean;
  readonly open: boolean;
  readonly reason: boolean;
  readonly family: Family;
}

type Refused = { readonly output: CommandOutput };

/** Ports in one call: each is at least one packet there and one back, and so many stay within a second. */
const NMAP_PORTS = 256;

const HELP = 'See the output of nmap -h for a summary of options.';

const LONG_FLAGS = ['open', 'reason'];
const OTHER_LONG =
  /^--(version|help|top-ports|exclude.*|port-ratio|script.*|version-.*|os.*|min-.*|max-.*|scan-delay|initial-.*|host-timeout|mtu|data.*|source-port|ip-options|ttl|spoof-mac|badsum|resume|append-output|stylesheet|webxml|no-stylesheet|datadir|send-.*|privileged|unprivileged|release-memory|iflist|packet-trace|stats-every|traceroute|dns-servers|system-dns|resolve-all|unique|disable-arp-ping|discovery-ignore-rst|defeat-.*|nsock-.*|proxies|randomize-hosts|adler32|log-errors|noninteractive|allports|scanflags|fuzzy|deprecated-.*|thc|vv|vvv)(=.*)?$/;

/** Reads the words of a call; or what nmap says to them. */
export function readNmap(args: readonly string[]): NmapOptions | Refused {
  const targets: string[] = [];
  const seen = new Set<string>();
  let ports: string | null = null;
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (!word.startsWith('-') || word === '-') targets.push(word);
    else if (word.startsWith('--')) {
      if (LONG_FLAGS.includes(word.slice(2))) seen.add(word);
      else if (OTHER_LONG.test(word)) return notModelled(word);
      else return { output: fails(255, `nmap: unrecognized option '${word}'\n${HELP}`) };
    } else if (word.startsWith('-p')) {
      const value = word.length > 2 ? word.slice(2) : args[++i];
      if (value === undefined) return { output: fails(255, `nmap: option requires an argument -- 'p'\n${HELP}`) };
      ports = value;
    } else if (/^-s[STUn]+$/.test(word)) for (const letter of word.slice(2)) seen.add(`s${letter}`);
    else if (/^-(Pn|n|R|6|r|T[0-5])$/.test(word)) seen.add(word.slice(1));
    else if (/^-([AFOVdehiIbDSgfo].*|v+|P.*|s.*|T.*|iL|iR)$/.test(word)) return notModelled(word);
    else return { output: fails(255, `nmap: invalid option -- '${word[1]}'\n${HELP}`) };
  }
  if (args.length === 0) return { output: { notModelled: 'nmap without a target' } };
  const discoverOnly = seen.has('sn');
  if (ports === null && !discoverOnly && targets.length > 0) {
    return notModelled('without -p (its list of a thousand ports)');
  }
  if (targets.some((t) => /[/*,]|\d-\d/.test(t) && !/[a-z]/i.test(t))) return notModelled('for a range of addresses');
  const scans: Scan[] = [];
  if (seen.has('sS')) scans.push('syn');
  if (seen.has('sT')) scans.push('connect');
  if (seen.has('sU')) scans.push('udp');
  if (scans.length === 0) scans.push('syn');
  if (seen.has('sS') && seen.has('sT')) {
    const said =
      'You specified more than one type of TCP scan.  Please choose only one of -sA, -b, -sT, -sF, -sI, -sM, -sN, -sS, -sW, and -sX';
    return { output: fails(1, `${said}\nQUITTING!`) };
  }
  const read = portsOf(ports ?? '', scans);
  if ('output' in read) return read;
  return {
    targets,
    scans,
    ...read,
    discoverOnly,
    assumeUp: seen.has('Pn'),
    numeric: seen.has('n'),
    open: seen.has('--open'),
    reason: seen.has('--reason'),
    family: seen.has('6') ? 6 : 4,
  };
}

function notModelled(what: string): Refused {
  return { output: { notModelled: `nmap ${what}` } };
}

/** `22,80-90`, `T:80,U:53`; without a letter they are of every scan. */
function portsOf(text: string, scans: readonly Scan[]): { readonly tcp: number[]; readonly udp: number[] } | Refused {
  const tcp = new Set<number>();
  const udp = new Set<number>();
  let kind = '';
  for (const piece of text.split(',').filter((p) => p !== '')) {
    const [, letter, range = ''] = /^(?:([TU]):)?(.*)$/.exec(piece)!;
    kind = letter ?? kind;
    const numbers = /^(\d*)(-?)(\d*)$/.exec(range);
    if (!numbers || range === '') return notModelled(`-p ${piece}`);
    const low = numbers[1] === '' ? 1 : Number(numbers[1]);
    const high = numbers[2] === '' ? low : numbers[3] === '' ? 65535 : Number(numbers[3]);
    if (low > 65535 || high > 65535) {
      return { output: fails(1, 'Ports specified must be between 0 and 65535 inclusive\nQUITTING!') };
    }
    if (low > high) {
      const said = `Your port range ${range} is backwards. Did you mean ${high}-${low}?`;
      return { output: fails(1, `${said}\nQUITTING!`) };
    }
    if (high - low >= NMAP_PORTS) return notModelled(`for more than ${NMAP_PORTS} ports`);
    for (let p = low; p <= high; p++) {
      if (kind !== 'U') tcp.add(p);
      if (kind !== 'T') udp.add(p);
    }
  }
  const sorted = (set: ReadonlySet<number>, wanted: boolean) => (wanted ? [...set].sort((a, b) => a - b) : []);
  const both = {
    tcp: sorted(
      tcp,
      scans.some((s) => s !== 'udp'),
    ),
    udp: sorted(udp, scans.includes('udp')),
  };
  return both.tcp.length + both.udp.length > NMAP_PORTS ? notModelled(`for more than ${NMAP_PORTS} ports`) : both;
}
