import type { Host } from '../../../host';
import type { Errno, FlowKey } from '../../../model';
import { type Family, familyOf, parseAddr } from '../../../wire';
import { fails, prints } from '../../output';
import type { CommandOutput } from '../../types';
import { changedOr, type IpObject, notModelled, verbOf } from './index';

/** strerror() of what a lookup may fail with. */
const ERRORS: Partial<Record<Errno, string>> = {
  ENETUNREACH: 'Network is unreachable',
  EHOSTUNREACH: 'No route to host',
  EACCES: 'Permission denied',
  EINVAL: 'Invalid argument',
};

export const ipRoute: IpObject = (host, args, flags) => {
  const verb = verbOf(args[0]);
  const rest = args.slice(1);
  switch (verb) {
    case 'show':
      return show(host, flags.family ?? 4, rest);
    case 'get':
      return get(host, flags.family, rest);
    case 'add':
    case 'append':
    case 'prepend':
    case 'change':
    case 'replace':
    case 'del':
      return changedOr(host.routeCommand(flags.family ?? familyOfArgs(rest), verb, rest));
    default:
      return verb === null
        ? fails(255, `Command "${args[0]}" is unknown, try "ip route help".`)
        : notModelled(`route ${args[0]}`);
  }
};

/** Without -4 or -6 the first address decides; a `default` alone is IPv4's, unless its gateway is one of IPv6. */
function familyOfArgs(args: readonly string[]): Family {
  for (const word of args) {
    const addr = parseAddr(word.split('/')[0]!);
    if (addr !== null) return familyOf(addr);
  }
  return 4;
}

/** `table T`, `dev D`, `via G`, `proto P` and a prefix narrow the list; what is asked for is not printed again. */
function show(host: Host, family: Family, args: readonly string[]): CommandOutput {
  let table: string | undefined;
  const filters: { key: string; value: string }[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === 'table') table = args[++i];
    else if (word === 'dev' || word === 'via' || word === 'proto' || word === 'scope')
      filters.push({ key: word, value: args[++i] ?? '' });
    else if (['root', 'match', 'exact', 'type', 'cache', 'from', 'src', 'realm', 'metric'].includes(word))
      return notModelled(`route show ${word}`);
    else filters.push({ key: 'prefix', value: word });
  }
  let lines = host.routeLines(family, table);
  for (const { key, value } of filters) {
    if (key === 'prefix')
      lines = lines.filter(
        (line) =>
          line
            .replace(/^(local|broadcast|unreachable|blackhole|prohibit|throw|multicast|anycast) /, '')
            .split(' ')[0] === value,
      );
    else {
      lines = lines.filter((line) => ` ${line}`.includes(` ${key} ${value} `));
      lines = lines.map((line) => line.replace(`${key} ${value} `, ''));
    }
  }
  return prints(lines);
}

/** `ip route get ADDR [from A] [iif D] [oif D] [mark M] [tos T]`. */
function get(host: Host, asked: Family | null, args: readonly string[]): CommandOutput {
  const key: { -readonly [K in keyof FlowKey]?: FlowKey[K] } = {};
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const value = args[i + 1] ?? '';
    if (word === 'from' || word === 'to') {
      const addr = parseAddr(value);
      if (addr === null) return fails(1, `Error: any valid prefix is expected rather than "${value}".`);
      if (word === 'from') key.src = addr;
      else key.dst = addr;
      i++;
    } else if (word === 'iif' || word === 'oif' || word === 'dev') {
      if (host.iface(value) === undefined) return fails(1, `Cannot find device "${value}"`);
      if (word === 'iif') key.iif = value;
      else key.oif = value;
      i++;
    } else if (word === 'mark' || word === 'tos' || word === 'dsfield') {
      const number = Number(value);
      if (!Number.isInteger(number) || number < 0)
        return fails(255, `Error: argument "${value}" is wrong: invalid ${word} value`);
      if (word === 'mark') key.mark = number;
      else key.tos = number;
      i++;
    } else if (['uid', 'ipproto', 'sport', 'dport', 'vrf', 'fibmatch', 'notify', 'connected'].includes(word)) {
      return notModelled(`route get ${word}`);
    } else {
      const addr = parseAddr(word);
      if (addr === null) return fails(1, `Error: any valid prefix is expected rather than "${word}".`);
      key.dst = addr;
    }
  }
  if (key.dst === undefined) return fails(1, 'need at least a destination address');
  const family = asked ?? familyOf(key.dst);
  if (family === 6) return notModelled('-6 route get');
  const flow: FlowKey = { ...key, family, dst: key.dst };
  const answer = host.route(flow);
  if (!answer.ok) return fails(2, `RTNETLINK answers: ${ERRORS[answer.errno] ?? answer.errno}`);
  return prints(routeGetLines(host, flow, answer.dst));
}

type Found = Extract<ReturnType<Host['route']>, { ok: true }>['dst'];

function routeGetLines(host: Host, flow: FlowKey, dst: Found): string[] {
  const words: string[] = [];
  if (dst.type !== 'unicast') words.push(dst.type);
  words.push(flow.dst);
  if (flow.src !== undefined) words.push('from', flow.src);
  if (dst.gateway !== null) words.push('via', dst.gateway);
  words.push('dev', dst.dev);
  if (flow.src === undefined) {
    const src = dst.prefsrc ?? host.selectAddr(4, dst.dev, dst.gateway ?? flow.dst);
    if (src !== null) words.push('src', src);
  }
  if (flow.mark !== undefined)
    words.push('mark', flow.mark === 0 ? '0' : `0x${flow.mark.toString(16)}`.replace(/^0x([0-9])$/, '$1'));
  if (flow.iif === undefined) words.push('uid', '0');
  const flags: string[] = [];
  if (dst.type !== 'unicast') flags.push('local');
  if (dst.type === 'broadcast') flags.push('brd');
  if (dst.type === 'multicast') flags.push('mc');
  const cache = flags.length === 0 ? '' : `<${flags.join(',')}> `;
  const iif = flow.iif === undefined ? '' : `iif ${flow.iif} `;
  return [`${words.join(' ')} `, `    cache ${cache}${iif}`];
}
