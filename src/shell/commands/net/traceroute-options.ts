import { type Addr, type Family, familyOf } from '../../../wire';
import { fails, usagePage } from '../../output';
import type { CommandInput, CommandOutput } from '../../types';
import { resolve, resolveText } from './names';

type TracerouteMethod = 'udp' | 'icmp' | 'tcp';

export interface TracerouteOptions {
  readonly target: string;
  readonly to: Addr;
  readonly method: TracerouteMethod;
  readonly first: number;
  readonly hops: number;
  readonly queries: number;
  readonly simultaneous: number;
  /** Seconds; and how many times longer than answers of the same hop, and of a later one. */
  readonly wait: readonly [most: number, here: number, near: number];
  /** Bytes of a probe, with its IP header. */
  readonly length: number;
  readonly numeric: boolean;
  readonly dontFragment: boolean;
  readonly port: number;
  readonly tos: number;
  readonly src: Addr | null;
}

interface Option {
  readonly letter: string;
  /** What it takes, for a message; '' for nothing. */
  readonly takes: string;
}

const OPTIONS: Readonly<Record<string, Option>> = {
  '-4': { letter: '4', takes: '' },
  '-6': { letter: '6', takes: '' },
  '-F': { letter: 'F', takes: '' },
  '--dont-fragment': { letter: 'F', takes: '' },
  '-I': { letter: 'I', takes: '' },
  '--icmp': { letter: 'I', takes: '' },
  '-T': { letter: 'T', takes: '' },
  '--tcp': { letter: 'T', takes: '' },
  '-n': { letter: 'n', takes: '' },
  '-f': { letter: 'f', takes: 'first_ttl' },
  '--first': { letter: 'f', takes: 'first_ttl' },
  '-m': { letter: 'm', takes: 'max_ttl' },
  '--max-hops': { letter: 'm', takes: 'max_ttl' },
  '-N': { letter: 'N', takes: 'squeries' },
  '--sim-queries': { letter: 'N', takes: 'squeries' },
  '-p': { letter: 'p', takes: 'port' },
  '--port': { letter: 'p', takes: 'port' },
  '-q': { letter: 'q', takes: 'nqueries' },
  '--queries': { letter: 'q', takes: 'nqueries' },
  '-s': { letter: 's', takes: 'src_addr' },
  '--source': { letter: 's', takes: 'src_addr' },
  '-t': { letter: 't', takes: 'tos' },
  '--tos': { letter: 't', takes: 'tos' },
  '-w': { letter: 'w', takes: 'MAX,HERE,NEAR' },
  '--wait': { letter: 'w', takes: 'MAX,HERE,NEAR' },
};

/** Options that the real one has, and this one has not. */
const OTHERS =
  /^(-[degirAMOPUDVz]|-l|-UL|--(debug|gateway|interface|extensions|as-path|module|options|sport|fwmark|udp|udplite|dccp|raw|protocol|mtu|back|version|help|flowlabel|sendwait).*)$/;

const USAGE = usagePage(
  'traceroute',
  `usage: traceroute [OPTIONS] HOST [BYTES]
  -4, -6                      names and addresses of this family
  -I, --icmp                  echo requests instead of UDP
  -T, --tcp                   SYNs instead of UDP
  -p, --port PORT             of the first probe; with -T of all
  -f, --first TTL             begins that many hops away
  -m, --max-hops TTL          ends there
  -q, --queries COUNT         probes for each hop
  -N, --sim-queries COUNT     under way at once
  -w, --wait SECONDS          for an answer
  -s, --source OWNADDR        sends from this address
  -t, --tos TOS               the TOS byte
  -F, --dont-fragment         probes must not be cut
  -n                          addresses, no names
`,
);

type Values = Map<string, string>;
type Refused = { readonly output: CommandOutput };

const refuse = (text: string): Refused => ({ output: fails(2, text) });

/** Reads the words of a call; or what traceroute says to them. */
export function readTraceroute({ host, name, args }: CommandInput): TracerouteOptions | Refused {
  if (args.length === 0) return { output: { stderr: USAGE } };
  const read = words(args);
  if ('output' in read) return read;
  const { values, rest } = read;
  const [target, lengthWord] = rest;
  if (target === undefined) return refuse('Specify "host" missing argument.');
  if (rest.length > 2) return refuse(`Extra arg \`${rest[2]}' (position 3, argc ${args.length})`);
  const number = (letter: string, otherwise: number) => Number(values.get(letter) ?? otherwise);
  const wanted: Family | undefined = values.has('6') || name === 'traceroute6' ? 6 : values.has('4') ? 4 : undefined;
  const found = resolve(host, target, wanted);
  if (!found.ok) {
    const at = args.indexOf(target) + 1;
    return refuse(
      `${target}: ${resolveText(found.why)}\nCannot handle "host" cmdline arg \`${target}' on position 1 (argc ${at})`,
    );
  }
  if (number('m', 30) > 255) return refuse('max hops cannot be more than 255');
  if (number('q', 3) > 10) return refuse('no more than 10 probes per hop');
  if (number('f', 1) < 1 || number('f', 1) > number('m', 30)) return refuse('first hop out of range');
  const family = familyOf(found.addr);
  const method = values.has('I') ? 'icmp' : values.has('T') ? 'tcp' : 'udp';
  const least = family === 4 ? 28 : 48;
  const wait = (values.get('w') ?? '').split(',').map((w, i) => (w === '' ? [5, 3, 10][i]! : Number(w)));
  const source = values.get('s');
  const src = source === undefined ? null : resolve(host, source, family);
  if (src && (!src.ok || host.addrType(family, src.addr) !== 'LOCAL')) {
    return refuse('bind: Cannot assign requested address');
  }
  return {
    target,
    to: found.addr,
    method,
    first: number('f', 1),
    hops: number('m', 30),
    queries: number('q', 3),
    simultaneous: number('N', 16),
    wait: [wait[0] ?? 5, wait[1] ?? 3, wait[2] ?? 10],
    length: Math.max(Number(lengthWord ?? least + 32), least),
    numeric: values.has('n'),
    dontFragment: values.has('F'),
    port: number('p', { udp: 33434, icmp: 1, tcp: 80 }[method]),
    tos: number('t', 0),
    src: src?.ok ? src.addr : null,
  };
}

function words(args: readonly string[]): { readonly values: Values; readonly rest: readonly string[] } | Refused {
  const values: Values = new Map();
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (!word.startsWith('-') || word === '-') {
      rest.push(word);
      continue;
    }
    const at = i + 1;
    const [long = '', given] = word.startsWith('--') ? word.split('=') : [word];
    const letters = word.startsWith('--') || OPTIONS[word] ? [long] : split(word);
    for (const [n, one] of letters.entries()) {
      const option = OPTIONS[one];
      if (!option) {
        if (OTHERS.test(one)) return { output: { notModelled: `traceroute ${one}` } };
        return refuse(`Bad option \`${word}' (argc ${at})`);
      }
      if (option.takes === '') {
        values.set(option.letter, '');
        continue;
      }
      const last = letters[n + 1];
      const value = given ?? (last?.startsWith('=') ? last.slice(1) : args[++i]);
      if (value === undefined) {
        return refuse(`Option \`${one}' (argc ${at}) requires an argument: \`${one} ${option.takes}'`);
      }
      if (!fits(option.letter, value))
        return refuse(`Cannot handle \`${one}' option with arg \`${value}' (argc ${i + 1})`);
      values.set(option.letter, value);
      if (last?.startsWith('=')) break;
    }
  }
  return { values, rest };
}

/** `-nq2` is -n and -q with the argument 2. */
function split(word: string): string[] {
  const out: string[] = [];
  for (let at = 1; at < word.length; at++) {
    const one = `-${word[at]}`;
    out.push(one);
    const takes = OPTIONS[one]?.takes ?? '';
    if (takes === '' || at + 1 === word.length) continue;
    out.push(`=${word.slice(at + 1)}`);
    break;
  }
  return out;
}

function fits(letter: string, value: string): boolean {
  if (letter === 's') return true;
  if (letter === 'w') return /^\d*\.?\d+(,\d*\.?\d+){0,2}$/.test(value);
  return /^\d{1,5}$/.test(value) && (letter !== 'q' || value !== '0');
}
