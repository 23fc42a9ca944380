import type { Host } from '../../../host';
import type { Family } from '../../../wire';
import { fails } from '../../output';
import type { Command, CommandOutput } from '../../types';
import { ipAddr } from './addr';
import { ipLink } from './link';
import { ipNeigh } from './neigh';
import { ipRoute } from './route';
import { ipRule } from './rule';

/** What `ip` was told before the object. */
export interface IpFlags {
  /** -4, -6; null for both. */
  readonly family: Family | null;
  /** -br */
  readonly brief: boolean;
  /** -o */
  readonly oneline: boolean;
}

export type IpObject = (host: Host, args: readonly string[], flags: IpFlags) => CommandOutput;

/** In the order in which iproute2 tries an abbreviation. */
const OBJECTS: readonly (readonly [name: string, run: IpObject])[] = [
  ['address', ipAddr],
  ['route', ipRoute],
  ['rule', ipRule],
  ['neighbor', ipNeigh],
  ['neighbour', ipNeigh],
  ['link', ipLink],
];

const VERBS = [
  'show',
  'list',
  'lst',
  'add',
  'del',
  'delete',
  'replace',
  'change',
  'append',
  'prepend',
  'get',
  'flush',
  'set',
];

/** The verb that a word abbreviates, or null. An absent one is `show`. */
export function verbOf(word: string | undefined): string | null {
  if (word === undefined) return 'show';
  const verb = VERBS.find((v) => v.startsWith(word));
  if (verb === 'list' || verb === 'lst') return 'show';
  return verb === 'delete' ? 'del' : (verb ?? null);
}

export function notModelled(what: string): CommandOutput {
  return { ...fails(1, `ip: ${what} is not modelled`), notModelled: `ip ${what}` };
}

export const ip: Command = {
  names: ['ip'],
  help: 'addresses, links, routes, rules, neighbours: ip addr|link|route|rule|neigh',
  run: ({ host, args }) => {
    let family: Family | null = null;
    let brief = false;
    let oneline = false;
    let i = 0;
    for (; args[i]?.startsWith('-'); i++) {
      const arg = args[i]!;
      if (arg === '-4') family = 4;
      else if (arg === '-6') family = 6;
      else if (arg === '-f' || arg === '-family') family = args[++i] === 'inet6' ? 6 : 4;
      else if ('-brief'.startsWith(arg) && arg.length >= 3) brief = true;
      else if ('-oneline'.startsWith(arg) && arg.length >= 2) oneline = true;
      else if (arg === '-c' || arg.startsWith('-color') || arg === '-s' || arg === '-n') {
        if (arg === '-s' || arg === '-n') return notModelled(arg);
      } else if ('-Version'.startsWith(arg)) return { stdout: 'ip utility, iproute2-6.1.0\n' };
      else return notModelled(arg);
    }
    const word = args[i];
    if (word === undefined) return fails(255, 'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }');
    const object = OBJECTS.find(([name]) => name.startsWith(word));
    if (object === undefined) {
      const modelled = [
        'maddress',
        'tunnel',
        'xfrm',
        'netns',
        'monitor',
        'netconf',
        'vrf',
        'tuntap',
        'mroute',
        'token',
      ];
      if (modelled.some((name) => name.startsWith(word))) return notModelled(word);
      return fails(1, `Object "${word}" is unknown, try "ip help".`);
    }
    return object[1](host, args.slice(i + 1), { family, brief, oneline });
  },
};

/** The answer to a command that the host took or refused. */
export function changedOr(error: { readonly message: string; readonly exit: number } | null): CommandOutput {
  return error === null ? { changed: true } : fails(error.exit, error.message);
}
