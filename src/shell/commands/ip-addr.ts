import { addrCommand, type Host } from '../../host';
import type { IfaceAddr, IfaceInfo } from '../../model';
import { type Family, parsePrefix, prefixContains } from '../../wire';
import type { CommandOutput } from '../types';
import { changed, type IpInput, type IpOptions, unknownVerb, verbOf } from './ip';
import { ADDRESS_WORDS, briefState, linkHead, linkMac, linkStatistics, selectLinks } from './ip-link';

const VERBS = ['show', 'add', 'del', 'change', 'replace', 'flush', 'save', 'restore'] as const;

export function ipAddr({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'address');
    case 'add':
    case 'del':
    case 'change':
    case 'replace':
    case 'flush':
      return change(host, verb, options.family, rest);
    case 'show':
      return show(host, options, rest);
    default:
      return { notModelled: `ip addr ${verb}` };
  }
}

function change(
  host: Host,
  verb: 'add' | 'del' | 'change' | 'replace' | 'flush',
  family: Family | null,
  args: readonly string[],
): CommandOutput {
  if (verb === 'flush') {
    const picked = args.find((a) => a !== 'scope' && a !== 'to' && ADDRESS_WORDS.test(a));
    return picked === undefined
      ? changed(addrCommand(host, verb, args, family), 4)
      : { notModelled: `ip addr flush ${picked}` };
  }
  const error = addrCommand(host, verb, args, family);
  if (error?.exit === 127) return { notModelled: `ip addr ${verb} … ${error.message}` };
  const said = changed(error, 4);
  const bare = args.find((a) => /^\d+(\.\d+){3}$/.test(a));
  if (verb !== 'del' || bare === undefined || said.exit === 255) return said;
  return { ...said, stderr: `${wildcardWarning(bare)}${said.stderr ?? ''}` };
}

/** iproute2: ipaddr_modify() */
function wildcardWarning(address: string): string {
  return `Warning: Executing wildcard deletion to stay compatible with old scripts.
         Explicitly specify the prefix length (${address}/32) to avoid this warning.
         This special behaviour is likely to disappear in further releases,
         fix your scripts!
`;
}

const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host' };

type Wanted = (a: IfaceAddr) => boolean;

function show(host: Host, options: IpOptions, args: readonly string[]): CommandOutput {
  const chosen = selectLinks(host, args, 'addr');
  if (!('rest' in chosen)) return chosen;
  if (options.details && !options.brief) return { notModelled: 'ip -d addr' };
  const tests: Wanted[] = [];
  let heads = true;
  for (let i = 0; i < chosen.rest.length; i++) {
    const word = chosen.rest[i]!;
    if (word === 'scope') {
      const scope = chosen.rest[++i] ?? '';
      if (!/^\d+$/.test(scope) && !Object.values(SCOPES).includes(scope)) {
        return { stderr: `Error: argument "${scope}" is wrong: invalid "scope"\n\n`, exit: 255 };
      }
      tests.push((a) => SCOPES[a.scope] === scope || String(a.scope) === scope);
    } else if (word === 'to') {
      const text = chosen.rest[++i] ?? '';
      const prefix = parsePrefix(text);
      if (!prefix) return { stderr: `Error: any valid prefix is expected rather than "${text}".\n`, exit: 1 };
      tests.push((a) => a.family === prefix.family && a.length >= 0 && prefixContains(prefix, a.addr));
      heads = false;
    } else if (word === 'primary' || word === '-secondary') tests.push((a) => !a.secondary);
    else if (word === 'secondary' || word === '-primary') tests.push((a) => a.secondary);
    else if (word === 'permanent' || word === '-dynamic') continue;
    else if (word === 'dynamic' || word === '-permanent') tests.push(() => false);
    else return { notModelled: `ip addr show ${word}` };
  }
  const by6 = options.family === 6 && chosen.dev === null;
  const form = { options, heads, by6, filtered: tests.length > 0, wanted: (a: IfaceAddr) => tests.every((t) => t(a)) };
  return { stdout: chosen.shown.map((i) => addressesOf(host, i, form)).join('') };
}

interface Form {
  readonly options: IpOptions;
  /** With the line of the MAC. */
  readonly heads: boolean;
  readonly by6: boolean;
  readonly filtered: boolean;
  readonly wanted: Wanted;
}

function addressesOf(host: Host, iface: IfaceInfo, { options, heads, by6, filtered, wanted: picks }: Form): string {
  const wanted = iface.addresses.filter((a) => (options.family === null || a.family === options.family) && picks(a));
  // IPv4 comes first, as the kernel dumps one family after the other.
  const ordered = [...wanted.filter((a) => a.family === 4), ...wanted.filter((a) => a.family === 6)];
  // An interface without any address passes the filters of addresses.
  const bare = options.family === null && heads && iface.addresses.length === 0;
  if (ordered.length === 0 && (options.family !== null || filtered) && !bare) return '';
  if (options.brief) {
    const list = ordered.map((a) => `${a.addr}/${a.length} `).join('');
    return `${iface.name.padEnd(16)} ${briefState(iface).padEnd(14)} ${list}\n`;
  }
  if (options.oneLine) {
    const head = `${iface.index}: ${iface.name}    `;
    return ordered.map((a) => `${head}${address(iface, a)}\\       valid_lft forever preferred_lft forever\n`).join('');
  }
  const lines = ordered.map((a) => `    ${address(iface, a)}\n       valid_lft forever preferred_lft forever\n`);
  // With a family alone there is no line with the MAC.
  const mac = options.family === null && heads ? linkMac(iface) : '';
  const more = options.statistics && options.family === null ? linkStatistics(host, iface, false) : '';
  return `${linkHead(iface, by6)}\n${mac}${lines.join('')}${more}`;
}

function address(iface: IfaceInfo, a: IfaceAddr): string {
  const name = `${a.addr}/${a.length}`;
  const scope = SCOPES[a.scope] ?? String(a.scope);
  const secondary = a.secondary ? 'secondary ' : '';
  if (a.family === 6) return `inet6 ${name} scope ${scope} ${'nodad' in a && a.nodad ? 'nodad ' : ''}`;
  return `inet ${name}${a.broadcast === null ? '' : ` brd ${a.broadcast}`} scope ${scope} ${secondary}${iface.name}`;
}
