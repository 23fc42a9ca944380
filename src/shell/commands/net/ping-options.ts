import type { Host } from '../../../host';
import { type Addr, type Family, familyOf, parseAddr } from '../../../wire';
import { getopt, getoptText } from '../../getopt';
import { fails, usagePage } from '../../output';
import type { CommandInput, CommandOutput } from '../../types';
import { resolve, resolveText } from './names';

export interface PingOptions {
  readonly target: string;
  readonly to: Addr;
  /** Null: until it is stopped. */
  readonly count: number | null;
  readonly size: number;
  readonly ttl: number | null;
  readonly tos: number;
  /** Seconds between requests. */
  readonly interval: number;
  /** Seconds that it waits for the first answer when all was sent. */
  readonly timeout: number;
  readonly quiet: boolean;
  readonly numeric: boolean;
  readonly stamp: boolean;
  readonly outstanding: boolean;
  readonly broadcast: boolean;
  readonly discovery: 'do' | 'dont' | 'want';
  /** `-I`: what it sends from. */
  readonly from: { readonly word: string; readonly addr: Addr; readonly dev: boolean } | null;
}

type Draft = { -readonly [K in keyof PingOptions]: PingOptions[K] };

const USAGE = usagePage(
  'ping',
  `usage: ping [OPTIONS] HOST
  -4, -6           names and addresses of this family
  -c COUNT         so many requests; without it, it ends after four
  -i SECONDS       between two requests
  -W SECONDS       waits so long for the first answer
  -s BYTES         of data
  -t TTL           hops that it may go
  -Q TOS           the TOS byte
  -M do|dont|want  whether it may be cut into pieces
  -I IF            the interface, or the address, to send from
  -n               addresses, no names
  -q               only the summary
  -D               with the time of each answer
  -O               tells of answers that have not come before the next request
  -b               to a broadcast address, too
  -V               the version of iputils that is modelled
  -h               this page
`,
);

/** Reads the words of a call; or what it says to them. */
export function readPing({ host, name, args }: CommandInput): PingOptions | { readonly output: CommandOutput } {
  const { options, rest, wrong } = getopt(args, '46hVbDnOqvLUBaAdfrRc:s:t:i:W:I:M:Q:w:e:F:l:m:N:p:S:T:');
  const stop = (exit: number, text: string) => ({ output: fails(exit, text) });
  if (wrong) return stop(2, getoptText('ping', wrong) + USAGE);
  const draft: Draft = {
    target: rest[0] ?? '',
    to: '',
    count: null,
    size: 56,
    ttl: null,
    tos: 0,
    interval: 1,
    timeout: 10,
    quiet: false,
    numeric: false,
    stamp: false,
    outstanding: false,
    broadcast: false,
    discovery: 'want',
    from: null,
  };
  let family: Family | undefined = name === 'ping6' ? 6 : name === 'ping4' ? 4 : undefined;
  let from: string | null = null;
  for (const { name: option, value } of options) {
    if (option === 'V') return { output: { stdout: VERSION } };
    if (option === 'h') return stop(2, USAGE);
    if (option === '4' || option === '6') family = option === '4' ? 4 : 6;
    else if (option === 'I') from = value;
    else {
      const problem = set(draft, option, value);
      if (problem !== null)
        return typeof problem === 'string' ? stop(option === 'M' ? 2 : 1, problem) : { output: problem };
    }
  }
  if (rest.length === 0) return stop(1, 'ping: usage error: Destination address required');
  // The last one counts; those before it are hops of a source route.
  const last = rest[rest.length - 1]!;
  const found = resolve(host, last, family ?? (from === null ? undefined : familyOfWord(from)));
  if (!found.ok) return stop(2, `ping: ${last}: ${resolveText(found.why)}`);
  if (rest.length > 1) return { output: { notModelled: 'ping with hops to go by' } };
  draft.to = found.addr;
  draft.numeric ||= found.literal;
  if (from !== null) {
    const source = sourceOf(host, from, found.addr);
    if ('output' in source) return source;
    draft.from = source;
  }
  return draft;
}

const VERSION = `ping from iputils 20221126
libcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes
`;

/** Takes one option: null, what ping says to its value, or that it is not modelled. */
function set(draft: Draft, option: string, value: string): string | CommandOutput | null {
  switch (option) {
    case 'c':
      return number(value, 1, Number.MAX_SAFE_INTEGER, '9223372036854775807', (n) => {
        draft.count = n;
      });
    case 's':
      return (
        number(value, 0, 2147483647, '2147483647', (n) => {
          draft.size = n;
        }) ?? (draft.size > 65507 ? { notModelled: 'ping -s of more than 65507' } : null)
      );
    case 't':
      return number(value, 0, 255, '255', (n) => {
        draft.ttl = n === 0 ? null : n;
      });
    case 'Q':
      return number(value, 0, 255, '255', (n) => {
        draft.tos = n;
      });
    case 'i':
      return span(value, 'interval', (n) => {
        draft.interval = n;
      });
    case 'W':
      return span(value, 'timeout', (n) => {
        draft.timeout = n;
      });
    case 'M':
      if (value !== 'do' && value !== 'dont' && value !== 'want') return `ping: invalid -M argument: ${value}`;
      draft.discovery = value;
      return null;
    case 'q':
      draft.quiet = true;
      return null;
    case 'n':
      draft.numeric = true;
      return null;
    case 'D':
      draft.stamp = true;
      return null;
    case 'O':
      draft.outstanding = true;
      return null;
    case 'b':
      draft.broadcast = true;
      return null;
    case 'v':
    case 'B':
    case 'L':
    case 'a':
      return null;
    default:
      return { notModelled: `ping -${option}` };
  }
}

/** iputils: strtol_or_err() */
function number(value: string, low: number, high: number, highText: string, take: (n: number) => void): string | null {
  if (!/^\s*[-+]?\d+$/.test(value)) return `ping: invalid argument: '${value}'`;
  const n = Number(value);
  if (n < low || n > high) return `ping: invalid argument: '${value}': out of range: ${low} <= value <= ${highText}`;
  take(n);
  return null;
}

function span(value: string, what: string, take: (n: number) => void): string | CommandOutput | null {
  if (!/^\d*\.?\d+$/.test(value)) return { notModelled: `ping with the ${what} ${value}` };
  // Faster than this is a flood, of which every packet would be a step of its own.
  if (what === 'interval' && Number(value) < 0.002) return { notModelled: 'ping -i of less than 0.002' };
  take(Number(value));
  return null;
}

function familyOfWord(word: string): Family | undefined {
  const addr = parseAddr(word);
  return addr === null ? undefined : familyOf(addr);
}

function sourceOf(
  host: Host,
  word: string,
  to: Addr,
): NonNullable<PingOptions['from']> | { readonly output: CommandOutput } {
  const family = familyOf(to);
  const addr = parseAddr(word);
  if (addr !== null) {
    if (familyOf(addr) === family && host.addrType(family, addr) === 'LOCAL') return { word, addr, dev: false };
    return { output: fails(2, 'ping: bind: Cannot assign requested address') };
  }
  if (!host.iface(word)) return { output: fails(2, `ping: SO_BINDTODEVICE ${word}: No such device`) };
  // The socket is bound to the interface; sends go by the route, so both have to agree.
  const way = host.route({ family, dst: to });
  const own = host.iface(word)!.addresses.find((a) => a.family === family);
  if (!way.ok || way.dst.dev !== word || !own) {
    return { output: { notModelled: `ping -I ${word} where the route leads elsewhere` } };
  }
  const source = host.sourceFor(to);
  return { word, addr: source.ok ? source.src : own.addr, dev: true };
}
