import { type Addr, type Family, serviceByName } from '../../../wire';
import { getopt, getoptText } from '../../getopt';
import { fails, usagePage } from '../../output';
import type { CommandInput, CommandOutput } from '../../types';
import { resolve, resolveText } from './names';

export interface NcOptions {
  readonly listen: boolean;
  readonly keep: boolean;
  readonly udp: boolean;
  readonly scan: boolean;
  readonly verbose: boolean;
  readonly numeric: boolean;
  /** `-N`: shuts the connection down at the end of its input. */
  readonly shutdown: boolean;
  readonly crlf: boolean;
  readonly family: Family | undefined;
  /** `-w`, in seconds. */
  readonly timeout: number | null;
  /** `-q` */
  readonly quit: number | null;
  readonly source: string | null;
  readonly sport: number | null;
  readonly words: readonly string[];
}

export const NC_USAGE = usagePage(
  'nc',
  `usage: nc [OPTIONS] HOST PORT
       nc -l [OPTIONS] PORT
  -4, -6       names and addresses of this family
  -u           UDP instead of TCP
  -z           only looks whether something listens; ports may be a range
  -v           tells what became of it
  -n           no names
  -N           closes when its input ends
  -q SECONDS   so long after its input has ended
  -w SECONDS   waits no longer
  -s OWNADDR   sends from this address
  -p PORT      and from this port
  -C           ends lines with CR LF
  -l           listens
  -k           goes on listening, with -l
`,
);

export type Refused = { readonly output: CommandOutput };

/** What nc says, and fails. */
export const refuse = (text: string): Refused => ({ output: fails(1, text) });

/** Reads the words of a call; or what nc says to them. */
export function readNc({ args }: CommandInput): NcOptions | Refused {
  const { options, rest, wrong } = getopt(args, '46CDdFhklNnrStUuvZzI:i:M:m:O:P:p:q:s:T:V:W:w:X:x:');
  if (wrong) return refuse(getoptText('nc', wrong) + NC_USAGE);
  const has = (letter: string) => options.some((o) => o.name === letter);
  const value = (letter: string) => options.findLast((o) => o.name === letter)?.value ?? null;
  if (has('h')) return { output: { stderr: `OpenBSD netcat (Debian patchlevel 1.219-1)\n${NC_USAGE}` } };
  const odd = options.find((o) => !'46CdklNnruvzpqsw'.includes(o.name));
  if (odd) return { output: { notModelled: `nc -${odd.name}` } };
  const timeout = value('w');
  if (timeout !== null && !/^\d{1,9}$/.test(timeout)) return refuse(`nc: timeout invalid: ${timeout}`);
  const quit = value('q');
  if (quit !== null && !/^-?\d{1,9}$/.test(quit)) return refuse(`nc: quit timer invalid: ${quit}`);
  const own = value('p');
  const sport = own === null ? null : portOf(own, has('u'));
  if (has('l') && has('z')) return refuse('nc: cannot use -z and -l');
  if (!has('l') && has('k')) return refuse('nc: must use -l with -k');
  if (own !== null && sport === null) {
    return refuse(
      has('l') ? `nc: port number invalid: ${own}` : 'nc: getaddrinfo: Servname not supported for ai_socktype',
    );
  }
  return {
    listen: has('l'),
    keep: has('k'),
    udp: has('u'),
    scan: has('z'),
    verbose: has('v'),
    numeric: has('n'),
    shutdown: has('N'),
    crlf: has('C'),
    family: has('6') ? 6 : has('4') ? 4 : undefined,
    timeout: timeout === null ? null : Number(timeout),
    quit: quit === null || Number(quit) < 0 ? null : Number(quit),
    source: value('s'),
    sport,
    words: rest,
  };
}

/** A number or the name of a service. */
export function portOf(word: string, udp: boolean): number | null {
  if (/^\d+$/.test(word)) return Number(word) <= 65535 ? Number(word) : null;
  return serviceByName(word, udp ? 'udp' : 'tcp');
}

/** `22`, `ssh`, `20-25`. Ports in ascending order. */
export function portsOf(word: string, udp: boolean): readonly number[] | Refused {
  const named = serviceByName(word, udp ? 'udp' : 'tcp');
  if (named !== null) return [named];
  const dash = word.indexOf('-');
  const parts = dash < 0 ? [word] : [word.slice(0, dash), word.slice(dash + 1)];
  const numbers: number[] = [];
  for (const part of parts) {
    const said = dash < 0 ? word : part;
    if (!/^\d+$/.test(part)) return refuse(`nc: port number invalid: ${said}`);
    if (Number(part) < 1) return refuse(`nc: port number too small: ${said}`);
    if (Number(part) > 65535) return refuse(`nc: port number too large: ${said}`);
    numbers.push(Number(part));
  }
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

/** Where it connects to, by name or address. */
export function destination({ host }: CommandInput, options: NcOptions, word: string, port: string): Addr | Refused {
  const found = resolve(host, word, options.family);
  if (!found.ok || (options.numeric && !found.literal)) {
    const why = resolveText(found.ok ? 'unknown' : found.why);
    return refuse(`nc: getaddrinfo for host "${word}" port ${port}: ${why}`);
  }
  return found.addr;
}
