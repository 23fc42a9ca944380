import { type Field, fieldsText } from '../../base';
import type { Device, Host, HostAddr } from '../../host';
import { addrCommand } from '../../host/lazy';
import { type Family, parsePrefix, prefixContains } from '../../wire';
import type { CommandOutput } from '../types';
import { changed, type IpInput, type IpOptions, listed, unknownVerb, verbOf } from './ip';
import { ADDRESS_WORDS, selectLinks } from './ip-link';
import { detailsBeyond, linkFields, statisticsField } from './ip-link-fields';

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
  const chosen = selectLinks(host, args, 'addr', family);
  if (!('rest' in chosen)) return chosen;
  const picked = selectAddresses(chosen.rest);
  if (!('tests' in picked)) return picked;
  let found = false;
  for (const { name, addresses } of chosen.told.filter(chosen.picks)) {
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
  /** Of the prefix that is asked for. */
  readonly family: Family | null;
  /** Asked for by label: nothing is shown of the interface. */
  readonly label: boolean;
}

function selectAddresses(words: readonly string[]): Picked | CommandOutput {
  const tests: Wanted[] = [];
  let family: Family | null = null;
  let label = false;
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
      family ??= prefix.family;
    } else if (word === 'label') {
      const pattern = glob(words[++i]!);
      tests.push((a, dev) => pattern.test(a.family === 4 ? a.label : dev));
      label = true;
    } else {
      const flag = FLAGS[word.replace('-', '')] ?? (() => false);
      tests.push(word.startsWith('-') ? (a, dev) => !flag(a, dev) : flag);
    }
  }
  return { tests, family, label };
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
  const chosen = selectLinks(host, args, 'addr', options.family);
  if (!('rest' in chosen)) return chosen;
  const beyond = detailsBeyond(chosen, options);
  if (beyond !== null) return { notModelled: `ip -d addr show ${beyond}` };
  const picked = selectAddresses(chosen.rest);
  if (!('tests' in picked)) return picked;
  const by6 = options.family === 6 && chosen.dev === null;
  const form: Form = { ...picked, options, family: options.family ?? picked.family, by6 };
  const wanted = chosen.told.filter((iface) => hasWanted(iface, form));
  return listed(
    wanted.map((iface) => (chosen.picks(iface) ? addrObject(iface, form) : [])),
    options,
  );
}

interface Form extends Picked {
  readonly options: IpOptions;
  readonly by6: boolean;
}

const isWanted = ({ tests }: Form, iface: Device, a: HostAddr) => tests.every((test) => test(a, iface.name));

/** An interface without any address passes the filters of addresses. iproute2: ipaddr_filter() */
function hasWanted(iface: Device, form: Form): boolean {
  const { family } = form;
  if (family === null && iface.addresses.length === 0) return true;
  return iface.addresses.some((a) => (family === null || a.family === family) && isWanted(form, iface, a));
}

/** One of `ip addr show`. In JSON every address of the family has its braces. iproute2: print_selected_addrinfo() */
function addrObject(iface: Device, form: Form): readonly Field[] {
  const { options, family, label, by6 } = form;
  const { brief, oneLine } = options;
  const line = !label && (brief || !oneLine);
  // IPv4 comes first, as the kernel dumps one family after the other.
  const of = ([4, 6] as const).filter((f) => family === null || f === family);
  const objects = of
    .flatMap((f) => iface.of(f))
    .map((a) => (isWanted(form, iface, a) ? addressFields(iface, a, options) : []));
  const out: Field[] = line ? [...linkFields(iface, { options, link: false, by6, ofFamily: family !== null })] : [];
  out.push(['addr_info', objects.map((fields) => ({ fields })), objects.map(fieldsText).join('')]);
  if (brief) out.push(['', '\n']);
  else if (line && options.statistics) out.push(statisticsField(iface), ['', '\n']);
  return out;
}

/** iproute2: print_addrinfo() */
function addressFields(iface: Device, a: HostAddr, { brief, oneLine }: IpOptions): readonly Field[] {
  const own: readonly Field[] = [
    ['local', a.addr, a.addr],
    ['prefixlen', a.length, `/${a.length} `],
  ];
  if (brief) return own;
  const { index, name } = iface;
  const family = a.family === 4 ? 'inet' : 'inet6';
  const out: Field[] = oneLine
    ? [
        ['index', index, `${index}: `],
        ['dev', name, name],
      ]
    : [];
  out.push(['family', family, `    ${family} `], ...own);
  if (a.family === 4 && a.broadcast !== null) out.push(['broadcast', a.broadcast, `brd ${a.broadcast} `]);
  out.push(['scope', SCOPES[a.scope] ?? String(a.scope)]);
  for (const flag of ['secondary', 'nodad', 'noprefixroute']) {
    if (FLAGS[flag]!(a, name)) out.push([flag, true, `${flag} `]);
  }
  if (a.family === 4) out.push(['label', a.label, a.label]);
  out.push(['valid_life_time', FOREVER, '\n       valid_lft forever']);
  out.push(['preferred_life_time', FOREVER, ' preferred_lft forever\n']);
  return out;
}

/** Kernel: INFINITY_LIFE_TIME */
const FOREVER = 0xffff_ffff;
