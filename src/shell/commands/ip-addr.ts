import { addrCommand, type Device, type Host, type HostAddr } from '../../host';
import { type Family, parsePrefix, prefixContains } from '../../wire';
import type { CommandOutput } from '../types';
import { changed, type IpInput, type IpOptions, unknownVerb, verbOf } from './ip';
import { ADDRESS_WORDS, briefState, linkHead, linkMac, linkStatistics, selectLinks } from './ip-link';

const VERBS = [
  ['add'],
  ['change', 'chg'],
  ['replace'],
  ['delete'],
  ['show', 'lst', 'list'],
  ['flush'],
  ['save'],
  ['showdump'],
  ['restore'],
] as const;

export function ipAddr({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'address');
    case 'add':
    case 'change':
    case 'replace':
    case 'flush':
      return change(host, verb, options.family, rest);
    case 'delete':
      return change(host, 'del', options.family, rest);
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
    const picks = args.some((a) => a !== 'scope' && a !== 'to' && ADDRESS_WORDS.test(a));
    return picks ? flushPicked(host, family, args) : changed(addrCommand(host, verb, args, family), 4);
  }
  const error = addrCommand(host, verb, args, family);
  if (error?.exit === 127) return { notModelled: `ip addr ${verb} … ${error.message}` };
  const said = changed(error, 4);
  if (error === null && verb !== 'del') return { ...said, stderr: only6Warnings(args) };
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

/** What IPv4 has not is left out, with a warning. iproute2: ifa_flag_data, ip/ipaddress.c */
function only6Warnings(args: readonly string[]): string {
  if (args.some((a) => a.includes(':') && /^[0-9a-f:.]+(\/\d+)?$/i.test(a))) return '';
  return ['nodad', 'optimistic', 'home', 'mngtmpaddr']
    .filter((flag) => args.includes(flag))
    .map((flag) => `Warning: ${flag} option can be set only for IPv6 addresses\n`)
    .join('');
}

/** `ip addr flush` by what an address is. */
function flushPicked(host: Host, family: Family | null, args: readonly string[]): CommandOutput {
  const chosen = selectLinks(host, args, 'addr');
  if (!('rest' in chosen)) return chosen;
  const picked = selectAddresses(chosen.rest);
  if (!('tests' in picked)) return picked;
  let found = false;
  for (const { name, addresses } of chosen.shown) {
    for (const a of addresses) {
      if ((family !== null && a.family !== family) || !picked.tests.every((test) => test(a, name))) continue;
      found = true;
      addrCommand(host, 'del', [`${a.addr}/${a.length}`, 'dev', name], a.family);
    }
  }
  return { changed: found };
}

const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host' };

type Wanted = (a: HostAddr, dev: string) => boolean;

/** Flags of an address; those that none here ever has are never true. iproute2: ifa_flag_data */
const FLAGS: Readonly<Record<string, Wanted>> = {
  primary: (a) => !a.secondary,
  secondary: (a) => a.secondary,
  temporary: (a) => a.secondary, // the same bit
  permanent: () => true,
  nodad: (a) => a.nodad,
  noprefixroute: (a) => a.noPrefixRoute,
};

interface Picked {
  readonly tests: readonly Wanted[];
  /** What is shown of the interface: nothing, its line, its MAC, too. */
  readonly head: 'none' | 'line' | 'all';
}

function selectAddresses(words: readonly string[]): Picked | CommandOutput {
  const tests: Wanted[] = [];
  let head: Picked['head'] = 'all';
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === 'scope') {
      const scope = words[++i] ?? '';
      if (!/^\d+$/.test(scope) && !Object.values(SCOPES).includes(scope)) {
        return { stderr: `Error: argument "${scope}" is wrong: invalid "scope"\n\n`, exit: 255 };
      }
      tests.push((a) => SCOPES[a.scope] === scope || String(a.scope) === scope);
    } else if (word === 'to') {
      const text = words[++i] ?? '';
      const prefix = parsePrefix(text);
      if (!prefix) return { stderr: `Error: any valid prefix is expected rather than "${text}".\n`, exit: 1 };
      tests.push((a) => a.family === prefix.family && prefixContains(prefix, a.addr));
      if (head === 'all') head = 'line';
    } else if (word === 'label') {
      const label = glob(words[++i]!);
      tests.push((a, dev) => label.test(a.family === 4 ? a.label : dev));
      head = 'none';
    } else {
      const flag = FLAGS[word.replace('-', '')] ?? (() => false);
      tests.push(word.startsWith('-') ? (a, dev) => !flag(a, dev) : flag);
    }
  }
  return { tests, head };
}

/** A pattern of names, `*` for any. */
function glob(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${text}$`);
}

function show(host: Host, options: IpOptions, args: readonly string[]): CommandOutput {
  const chosen = selectLinks(host, args, 'addr');
  if (!('rest' in chosen)) return chosen;
  if (options.details && !options.brief) return { notModelled: 'ip -d addr' };
  const picked = selectAddresses(chosen.rest);
  if (!('tests' in picked)) return picked;
  const by6 = options.family === 6 && chosen.dev === null;
  const form = { options, ...picked, by6 };
  return { stdout: chosen.shown.map((i) => addressesOf(host, i, form)).join('') };
}

interface Form extends Picked {
  readonly options: IpOptions;
  readonly by6: boolean;
}

function addressesOf(host: Host, iface: Device, { options, head, by6, tests }: Form): string {
  const wanted = iface.addresses.filter(
    (a) => (options.family === null || a.family === options.family) && tests.every((t) => t(a, iface.name)),
  );
  // IPv4 comes first, as the kernel dumps one family after the other.
  const ordered = [...wanted.filter((a) => a.family === 4), ...wanted.filter((a) => a.family === 6)];
  // An interface without any address passes the filters of addresses.
  const bare = options.family === null && head === 'all' && iface.addresses.length === 0;
  if (ordered.length === 0 && (options.family !== null || tests.length > 0) && !bare) return '';
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
  const mac = options.family === null && head === 'all' ? linkMac(iface) : '';
  const more = options.statistics && options.family === null ? linkStatistics(host, iface, false) : '';
  const line = head === 'none' ? '' : `${linkHead(iface, by6)}\n`;
  return `${line}${mac}${lines.join('')}${more}`;
}

function address(iface: Device, a: HostAddr): string {
  const name = `${a.addr}/${a.length}`;
  const scope = SCOPES[a.scope] ?? String(a.scope);
  const flags = ['secondary', 'nodad', 'noprefixroute'].filter((f) => FLAGS[f]!(a, iface.name)).map((f) => `${f} `);
  if (a.family === 6) return `inet6 ${name} scope ${scope} ${flags.join('')}`;
  return `inet ${name}${a.broadcast === null ? '' : ` brd ${a.broadcast}`} scope ${scope} ${flags.join('')}${a.label}`;
}
