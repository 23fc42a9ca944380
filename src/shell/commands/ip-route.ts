import type { Host } from '../../host';
import type { Errno } from '../../model';
import { type Addr, type Family, parseAddr } from '../../wire';
import type { CommandOutput } from '../types';
import { changed, familyOfWords, type IpInput, unknownVerb, verbOf } from './ip';

const VERBS = [
  'show',
  'add',
  'append',
  'prepend',
  'change',
  'del',
  'replace',
  'get',
  'flush',
  'test',
  'save',
  'restore',
] as const;

export function ipRoute({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  const family = options.family ?? familyOfWords(rest);
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'route');
    case 'add':
    case 'append':
    case 'prepend':
    case 'change':
    case 'del':
    case 'replace':
      return changed(host.routeCommand(family, verb, rest), options.family);
    case 'show':
      return show(host, options.family, family, rest);
    case 'get':
      return get(host, family, rest);
    default:
      return { notModelled: `ip route ${verb}` };
  }
}

function show(host: Host, said: Family | null, family: Family, args: readonly string[]): CommandOutput {
  let table: string | undefined;
  let lines: readonly string[];
  const tests: ((line: string) => boolean)[] = [];
  const asked: string[] = [];
  let dev = '';
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const value = args[i + 1] ?? '';
    if (word === 'table' || word === 't') {
      table = value;
      i++;
    } else if (word === 'type') {
      tests.push((line) => (TYPES.exec(line)?.[1] ?? 'unicast') === value);
      i++;
    } else if (UNSAID[word] !== undefined) {
      if (word === 'dev') dev = value;
      const unsaid = value === UNSAID[word] && (word !== 'scope' || family === 4);
      tests.push((line) => ` ${line} `.includes(` ${word} ${value} `) || (unsaid && !line.includes(` ${word} `)));
      asked.push(`${word} ${value} `);
      i++;
    } else if (word === 'default' || /^[0-9a-f.:]+(\/\d+)?$/i.test(word)) {
      const name =
        word === '0.0.0.0/0' || word === '::/0' ? 'default' : word.replace(family === 4 ? '/32' : '/128', '');
      tests.push((line) => line.replace(TYPES, '').startsWith(`${name} `));
    } else return { notModelled: `ip route show ${word}` };
  }
  if (dev !== '' && !host.iface(dev)) return { stderr: `Cannot find device "${dev}"\n`, exit: 1 };
  if (table === 'all') {
    lines = (said === null ? ([4, 6] as const) : [said]).flatMap((f) => host.routeLines(f, 'all'));
  } else if (table !== undefined && !/^(\d+|main|local|default)$/.test(table)) {
    return { stderr: `Error: argument "${table}" is wrong: table id value is invalid\n\n`, exit: 255 };
  } else lines = host.routeLines(family, table);
  if (lines.length === 0 && family === 4 && table !== undefined && table !== 'main' && table !== 'default') {
    return { stderr: 'Error: ipv4: FIB table does not exist.\nDump terminated\n', exit: 2 };
  }
  const shown = lines.filter((line) => tests.every((test) => test(line)));
  // What was asked for is not said again.
  const printed = shown.map((line) => asked.reduce((rest, said) => rest.replace(said, ''), line));
  return { stdout: printed.map((line) => `${line}\n`).join('') };
}

/** What can be asked for, and the value that routes have whose line does not say it. */
const UNSAID: Readonly<Record<string, string>> = { dev: '', via: '', proto: 'boot', scope: 'global', src: '' };

const TYPES = /^(local|broadcast|multicast|anycast|unreachable|blackhole|prohibit|throw|nat) /;

const ERRORS: Partial<Record<Errno, string>> = {
  ENETUNREACH: 'Network is unreachable',
  EHOSTUNREACH: 'No route to host',
  EACCES: 'Permission denied',
  EINVAL: 'Invalid argument',
};

function get(host: Host, family: Family, args: readonly string[]): CommandOutput {
  let to: Addr | null = null;
  const key: { src?: Addr; iif?: string; oif?: string; mark?: number; tos?: number } = {};
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === 'from' || word === 'iif' || word === 'oif' || word === 'mark' || word === 'tos') {
      const value = args[++i] ?? '';
      if (word === 'from') key.src = parseAddr(value) ?? value;
      else if (word === 'mark' || word === 'tos') key[word] = Number(value);
      else key[word] = value;
    } else if (word !== 'to') {
      to = parseAddr(word.split('/')[0]!);
      if (to === null) return { stderr: `Error: any valid prefix is expected rather than "${word}".\n`, exit: 1 };
    }
  }
  if (to === null) return { stderr: 'need at least a destination address\n', exit: 1 };
  if (key.iif !== undefined || family === 6) return { notModelled: `ip route get ${args.join(' ')}` };
  if (key.src !== undefined && host.addrType(family, key.src) !== 'LOCAL') {
    return { stderr: `RTNETLINK answers: ${ERRORS.ENETUNREACH}\n`, exit: 2 };
  }
  const answer = host.route({ family, dst: to, ...key });
  if (!answer.ok) return { stderr: `RTNETLINK answers: ${ERRORS[answer.errno] ?? answer.errno}\n`, exit: 2 };
  const { dst } = answer;
  const src = key.src ?? dst.prefsrc ?? host.selectAddr(family, dst.dev, dst.gateway ?? to);
  const type = dst.type === 'unicast' ? '' : `${dst.type} `;
  const from = key.src === undefined ? '' : `from ${key.src} `;
  const via = dst.gateway === null ? '' : `via ${dst.gateway} `;
  const mark = key.mark === undefined || key.mark === 0 ? '' : `mark ${key.mark} `;
  const source = key.src === undefined ? `src ${src} ` : '';
  const flags = { unicast: '', local: '<local> ', broadcast: '<local,brd> ', multicast: '<mc> ', anycast: '' }[
    dst.type
  ];
  const cache = `cache ${flags}`;
  return { stdout: `${type}${to} ${from}${via}dev ${dst.dev} ${source}${mark}uid 0 \n    ${cache}\n` };
}
