import { type Field, fieldsText } from '../../base';
import type { Host } from '../../host';
import type { Family } from '../../wire';
import type { Command, CommandInput, CommandOutput } from '../types';
import { ipAddr } from './ip-addr';
import { fieldsJson } from './ip-json';
import { ipLink } from './ip-link';
import { ipNeigh } from './ip-neigh';
import { ipRoute } from './ip-route';
import { ipRule } from './ip-rule';
import { ipUsage } from './ip-usage';

/** The options of `ip` that stand before its object. */
export interface IpOptions {
  /** Null: not said. */
  readonly family: Family | null;
  readonly brief: boolean;
  readonly oneLine: boolean;
  readonly details: boolean;
  /** -s */
  readonly statistics: boolean;
  /** -j: null for none; with -p it is laid out. */
  readonly json: 'plain' | 'pretty' | null;
}

export interface IpInput {
  readonly host: Host;
  readonly options: IpOptions;
  /** What follows the object. */
  readonly args: readonly string[];
}

/** iproute2 6.1 */
export const ip: Command = {
  names: ['ip'],
  help: 'Shows and changes interfaces, addresses, routes and rules',
  run: runIp,
};

/** Objects in the order in which an abbreviation finds them. */
const OBJECTS: readonly (readonly [name: string, run: (input: IpInput) => CommandOutput])[] = [
  ['address', ipAddr],
  ['link', ipLink],
  ['neighbor', ipNeigh],
  ['neighbour', ipNeigh],
  ['route', ipRoute],
  ['rule', ipRule],
];
const OTHERS =
  'addrlabel amt fou ila ioam l2tp macsec maddress monitor mptcp mroute mrule netconf netns nexthop ntable ntbl sr tap tcpmetrics tcp_metrics token tunnel tuntap vrf xfrm'.split(
    ' ',
  );

/** Options in the order in which an abbreviation finds them; those with `!` take a word. */
const OPTIONS =
  'loops! family! 4 6 0 M B human-readable iec json pretty statistics stats details resolve oneline timestamp tshort Version force batch! brief rcvbuf! netns! Numeric all color help'.split(
    ' ',
  );
/** They change nothing in what is printed here. */
const SILENT = ['loops', 'iec', 'resolve', 'timestamp', 'tshort', 'force', 'rcvbuf', 'all', 'color', 'human-readable'];

function runIp({ host, args }: CommandInput): CommandOutput {
  let family: Family | null = null;
  const on = new Set<string>();
  let i = 0;
  for (; args[i]?.startsWith('-'); i++) {
    if (args[i] === '--') {
      i++;
      break;
    }
    const word = args[i]!.replace(/^--?/, '').replace(/^(c|co|col|colo|color)=(always|auto|never)$/, 'color');
    if (word === 'help') return { stderr: ipUsage('ip'), exit: 255 };
    const found = OPTIONS.find((o) => o.replace('!', '').startsWith(word));
    if (found === undefined) return { stderr: `Option "-${word}" is unknown, try "ip -help".\n`, exit: 255 };
    const name = found.replace('!', '');
    const value = found.endsWith('!') ? (args[++i] ?? '') : '';
    if (name === 'family' && args[i] === undefined) return { stderr: ipUsage('ip'), exit: 255 };
    if (name === '4' || name === '6') family = name === '4' ? 4 : 6;
    else if (name === 'family') {
      if (!['inet', 'inet6', 'link', 'bridge', 'mpls'].includes(value))
        return { stderr: `Error: argument "${value}" is wrong: invalid protocol family\n`, exit: 255 };
      if (value !== 'inet' && value !== 'inet6') return { notModelled: `ip -family ${value}` };
      family = value === 'inet' ? 4 : 6;
    } else if (name === 'netns')
      return { stderr: `Cannot open network namespace "${value}": No such file or directory\n`, exit: 255 };
    else if (name === 'batch')
      return { stderr: `Cannot open file "${value}" for reading: No such file or directory\n`, exit: 1 };
    else if (name === 'Version') return { stdout: 'ip utility, iproute2-6.1.0, libbpf 1.1.2\n' };
    else if (name === 'Numeric' || ['0', 'B', 'M'].includes(name)) return { notModelled: `ip -${name}` };
    else if (name === 'stats' || name === 'statistics') {
      if (on.has('statistics')) return { notModelled: 'ip -s -s' };
      on.add('statistics');
    } else if (!SILENT.includes(name)) on.add(name);
  }
  const word = args[i];
  if (word === undefined || word === 'help') return { stderr: ipUsage('ip'), exit: 255 };
  const object = OBJECTS.find(([name]) => name.startsWith(word));
  const options: IpOptions = {
    family,
    brief: on.has('brief'),
    oneLine: on.has('oneline'),
    details: on.has('details'),
    statistics: on.has('statistics'),
    json: on.has('json') ? (on.has('pretty') ? 'pretty' : 'plain') : null,
  };
  if (object) {
    const rest = args.slice(i + 1);
    const usage = ipUsage(object[0] === 'neighbour' ? 'neighbor' : object[0]);
    if (isHelp(rest[0])) return { stderr: usage, exit: 255 };
    const result = object[1]({ host, options, args: rest });
    return result.stderr?.startsWith('Usage: ip ') ? { ...result, stderr: usage } : result;
  }
  const other = OTHERS.find((name) => name.startsWith(word));
  if (other !== undefined) return noneOf(other, args.slice(i + 1), options);
  return { stderr: `Object "${word}" is unknown, try "ip help".\n`, exit: 1 };
}

const isHelp = (word: string | undefined) => word !== undefined && word.length > 1 && 'help'.startsWith(word);

/** What is listed of things that no host here has. */
const NONE: Readonly<Record<string, string>> = {
  mroute: '',
  netns: '',
  nexthop: '',
  tunnel: '',
  tuntap: '',
  'xfrm state': '',
  'xfrm policy': '',
  vrf: 'Name              Table\n-----------------------\nNo VRF has been configured\n',
};

function noneOf(object: string, args: readonly string[], options: IpOptions): CommandOutput {
  const [name, rest] = object === 'xfrm' ? [`xfrm ${args[0]}`, args.slice(1)] : [object, args];
  const none = NONE[name];
  const lists = rest.length === 0 || (rest.length === 1 && /^(l|ls|lst|lis|list|s|sh|sho|show)$/.test(rest[0]!));
  if (none === undefined || !lists) return { notModelled: ['ip', object, ...args].join(' ') };
  // Of xfrm the tool knows no JSON.
  return options.json && object !== 'xfrm' ? listed([], options) : { stdout: none };
}

/** Verbs of an object, each with its other names, in the order in which an abbreviation finds them. */
type Verbs<V extends string> = readonly (readonly [verb: V, ...aliases: string[]])[];

/** The verb that an abbreviation means; without one it is shown. iproute2: matches() */
export function verbOf<V extends string>(args: readonly string[], verbs: Verbs<V | 'show'>): V | 'show' | null {
  const word = args[0];
  if (word === undefined) return 'show';
  return verbs.find((names) => names.some((name) => name.startsWith(word)))?.[0] ?? null;
}

/** What a changing command printed and whether it worked. `family`: as it was said before the object. */
export function changed(
  error: { readonly message: string; readonly exit: number } | null,
  family: Family | null = null,
): CommandOutput {
  if (error === null) return { changed: true };
  const message =
    family === null
      ? error.message.replace(/^inet6? prefix is expected/, 'any valid prefix is expected')
      : error.message;
  return refused({ ...error, message });
}

/** What the tool says to it, with its name for mistakes where it has one. */
export function refused({ message, exit }: { readonly message: string; readonly exit: number }): CommandOutput {
  const own =
    /^(argument |either "|duplicate "|"nexthop" or|unexpected end|(inet6?|any valid) (prefix|address) is expected)/.test(
      message,
    );
  return { stderr: `${own ? 'Error: ' : ''}${message}\n`, exit };
}

export function unknownVerb(word: string, object: string): CommandOutput {
  return { stderr: `Command "${word}" is unknown, try "ip ${object} help".\n`, exit: 255 };
}

/** The family of the first address or prefix among the words. */
export function familyOfWords(args: readonly string[]): Family {
  const isSix = (word: string) => /^[0-9a-f]*:[0-9a-f:.]*(\/\d+)?$/i.test(word) && word.split(':').length > 2;
  const first = args.find((word) => isSix(word) || /^\d+\.\d[\d.]*(\/\d+)?$/.test(word));
  return first !== undefined && isSix(first) ? 6 : 4;
}

/** What is shown of a list of things: a line or more of each, or JSON. iproute2: lib/json_print.c, print_nl() */
export function listed(list: readonly (readonly Field[])[], { json, oneLine }: IpOptions): CommandOutput {
  if (json !== null) return { stdout: fieldsJson(list, json === 'pretty') };
  const texts = list.map(fieldsText);
  return { stdout: texts.map((text) => (oneLine ? text.replace(/\n(?=[ \t])/g, '\\') : text)).join('') };
}

/** An option that lacks its value. libiproute: incomplete_command() */
export const INCOMPLETE: CommandOutput = { stderr: 'Command line is not complete. Try option "help"\n', exit: 255 };
