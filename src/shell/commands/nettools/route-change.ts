import type { Host } from '../../../host';
import { routeCommand } from '../../../host/lazy';
import { maskLength, parseAddr, parsePrefix } from '../../../wire';
import { fails } from '../../output';
import type { CommandOutput } from '../../types';
import { ROUTE_USAGE } from './route-usage';

const misused = (said: string): CommandOutput => fails(3, said + ROUTE_USAGE);

/** Why the kernel refuses it, as an ioctl says it. */
function ioctlError(message: string): string {
  if (/invalid gateway|unreachable/i.test(message)) return 'Network is unreachable';
  const known = /(File exists|No such process|No such device|Invalid argument|Network is down)/.exec(message);
  return known ? known[1]! : message.replace(/^(RTNETLINK answers|Error): /, '').trim();
}

interface Asked {
  net: boolean;
  /** `-host` */
  readonly host: boolean;
  /** Address of the target; its length as it was said, null for none. */
  target: string;
  length: number | null;
  reject: boolean;
  gateway: string | null;
  dev: string | null;
  readonly rest: string[];
}

/** What follows `route add` and `del`. net-tools: INET_setroute(), lib/inet_sr.c */
export function changeRoute(host: Host, verb: 'add' | 'del', said: string, words: readonly string[]): CommandOutput {
  if (said === 'flush') return misused("Flushing `inet' routing table not supported\n");
  if (words.length === 0) return { stdout: ROUTE_USAGE };
  const asked = readWords(host, verb, words);
  if (!('target' in asked)) return asked;
  const { net, target, length, reject, gateway, dev, rest } = asked;
  if (asked.host && length !== null && length > 0 && length < 32)
    return misused(`route: netmask ${restOf(length)} doesn't make sense with host route\n`);
  const ioctl = verb === 'add' ? 'SIOCADDRT' : 'SIOCDELRT';
  if (length !== null && (length > 32 || parsePrefix(`${target}/${length}`)?.network !== target))
    return misused("route: netmask doesn't match route address\n");
  if (dev !== null && !host.iface(dev)) return fails(7, `${ioctl}: No such device`);
  if (gateway !== null && parseAddr(gateway) === null) return fails(6, `${gateway}: Unknown host`);
  // A net has no mask of its own, and one of 0 bits does not fit it.
  if (net && length === null && target !== '0.0.0.0') return fails(7, `${ioctl}: Invalid argument`);
  const error = routeCommand(host, 4, verb === 'add' ? 'prepend' : 'del', [
    ...(reject ? ['unreachable'] : []),
    `${target}/${length ?? (net ? 0 : 32)}`,
    ...(gateway === null ? [] : ['via', gateway]),
    ...(dev === null ? [] : ['dev', dev]),
    ...rest,
    ...(reject ? ['scope', 'host'] : []),
  ]);
  return error ? fails(7, `${ioctl}: ${ioctlError(error.message)}`) : { changed: true };
}

function readWords(host: Host, verb: 'add' | 'del', words: readonly string[]): Asked | CommandOutput {
  const kind = words[0] === '-net' || words[0] === '-host' ? words[0] : null;
  const [target, ...more] = kind === null ? words : words.slice(1);
  if (target === undefined) return misused('');
  const [address = '', bits] = target.split('/');
  const isDefault = address === 'default';
  const addr = isDefault ? '0.0.0.0' : completed(address);
  if (addr === null) return fails(6, `${target}: Unknown host`);
  const asked: Asked = {
    host: kind === '-host',
    net: kind === '-net' || (kind === null && (isDefault || bits !== undefined)),
    target: addr,
    length: bits === undefined ? null : Number(bits),
    reject: false,
    gateway: null,
    dev: null,
    rest: [],
  };
  for (let i = 0; i < more.length; i++) {
    const word = more[i]!;
    if (word === 'reject') {
      asked.reject = true;
      continue;
    }
    if (/^(mod|dyn|reinstate)$/.test(word)) return { notModelled: `route ${verb} ${word}` };
    const value = WITH_VALUE.includes(word) ? more[++i] : undefined;
    if (WITH_VALUE.includes(word) && value === undefined) return misused('');
    if (word === 'netmask') {
      if (asked.length !== null) return misused('');
      asked.length = maskLength(value!);
      if (asked.length === null) return misused(`route: bogus netmask ${value}\n`);
      asked.net = true;
    } else if (word === 'gw' || word === 'gateway') asked.gateway = value!;
    else if (word === 'metric') {
      if (!/^\d/.test(value!)) return misused('');
      asked.rest.push('metric', String(Number.parseInt(value!, 10)));
    } else if (word === 'mss') asked.rest.push('advmss', String(Number(value) - 40));
    else if (word === 'window') asked.rest.push('window', value!);
    else if (word === 'irtt') asked.rest.push('rtt', `${value}ms`);
    else if (word === 'dev' || word === 'device') asked.dev = value!;
    else if (asked.dev === null && (i === more.length - 1 || host.iface(word))) asked.dev = word;
    else return misused('');
  }
  return asked;
}

const WITH_VALUE = ['netmask', 'gw', 'gateway', 'metric', 'mss', 'window', 'irtt', 'dev', 'device'];

/** Zeros are put behind an address that is cut short; null if it is none. */
function completed(text: string): string | null {
  const parts = text.split('.');
  while (parts.length < 4) parts.push('0');
  return parseAddr(parts.join('.'));
}

/** The bits that a mask leaves out, as the tool tells of it. */
const restOf = (length: number): string => (2 ** (32 - length) - 1).toString(16).padStart(8, '0');
