import type { Host } from '../../host';
import type { Family } from '../../wire';
import type { Command, CommandInput, CommandOutput } from '../types';
import { ipAddr } from './ip-addr';
import { ipLink } from './ip-link';
import { ipNeigh } from './ip-neigh';
import { ipRoute } from './ip-route';
import { ipRule } from './ip-rule';

/** The options of `ip` that stand before its object. */
export interface IpOptions {
  /** Null: not said. */
  readonly family: Family | null;
  readonly brief: boolean;
  readonly oneLine: boolean;
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
const OTHERS = ['addrlabel', 'maddress', 'mroute', 'netns', 'tunnel', 'xfrm', 'monitor', 'vrf', 'nexthop', 'mptcp'];

function runIp({ host, args }: CommandInput): CommandOutput {
  let family: Family | null = null;
  let brief = false;
  let oneLine = false;
  let i = 0;
  for (; args[i]?.startsWith('-'); i++) {
    const option = args[i]!.replace(/^--/, '-');
    if (option === '-4' || option === '-6') family = option === '-4' ? 4 : 6;
    else if (option === '-br' || option === '-brief') brief = true;
    else if (option === '-o' || option === '-oneline') oneLine = true;
    else if (/^-(f|fam|family)$/.test(option)) {
      const name = args[++i];
      if (name !== 'inet' && name !== 'inet6') return { notModelled: `ip -family ${name ?? ''}` };
      family = name === 'inet' ? 4 : 6;
    } else if (!/^-(c|color|N|n?um(eric)?)(=\w+)?$/.test(option)) return { notModelled: `ip ${args[i]}` };
  }
  const word = args[i];
  if (word === undefined) return { notModelled: 'ip without an object' };
  const object = OBJECTS.find(([name]) => name.startsWith(word));
  const input = { host, options: { family, brief, oneLine }, args: args.slice(i + 1) };
  if (object) return object[1](input);
  if (OTHERS.some((name) => name.startsWith(word))) return { notModelled: `ip ${word}` };
  return { stderr: `Object "${word}" is unknown, try "ip help".\n`, exit: 1 };
}

/** The verb of a list that an abbreviation means; iproute2's matches(). The first word is what to do without one. */
export function verbOf<V extends string>(args: readonly string[], verbs: readonly V[]): V | null {
  const word = args[0];
  if (word === undefined) return verbs[0]!;
  const aliases: Readonly<Record<string, string>> = { list: 'show', lst: 'show', ls: 'show', l: 'show' };
  const meant = aliases[word] ?? word;
  return verbs.find((verb) => verb.startsWith(meant)) ?? null;
}

/** What a changing command printed and whether it worked. `family`: as it was said before the object. */
export function changed(
  error: { readonly message: string; readonly exit: number } | null,
  family: Family | null = null,
): CommandOutput {
  if (error === null) return { changed: true };
  let { message } = error;
  if (family === null) message = message.replace(/^inet6? prefix is expected/, 'any valid prefix is expected');
  const own = /^(argument "|either "|(inet6?|any valid) (prefix|address) is expected)/.test(message);
  return { stderr: `${own ? 'Error: ' : ''}${message}\n`, exit: error.exit };
}

export function unknownVerb(word: string, object: string): CommandOutput {
  return { stderr: `Command "${word}" is unknown, try "ip ${object} help".\n`, exit: 255 };
}

/** IPv6 if a word of the command is an IPv6 address or prefix. */
export function familyOfWords(args: readonly string[]): Family {
  return args.some((a) => /^[0-9a-f]*:[0-9a-f:.]*(\/\d+)?$/i.test(a) && a.split(':').length > 2) ? 6 : 4;
}

/** Reads `dev NAME` and a bare name from the arguments of a show; what is left is not modelled. */
export function showFilters(args: readonly string[]): {
  readonly dev: string | null;
  readonly rest: readonly string[];
} {
  let dev: string | null = null;
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === 'dev') dev = args[++i] ?? '';
    else rest.push(args[i]!);
  }
  return { dev, rest };
}
