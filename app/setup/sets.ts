import { cut, linesOf, quoted, spliced, withLine, withNewLine, withoutLines, wordsOf } from './words';

/** A member of a set: one line `add SET ELEMENT …`. */
export interface SetMember {
  /** Its line in the text, from 1. */
  readonly line: number;
  readonly element: string;
  /** What follows the element, as typed. */
  readonly rest: string;
}

/** A set of the text, with the lines that are about it. */
export interface SetBlock {
  readonly name: string;
  readonly type: string;
  /** Line of its `create`, from 1. */
  readonly line: number;
  readonly text: string;
  readonly members: readonly SetMember[];
}

/** Sets of a text of `ipset save`, in their order. Lines for a set that is not created before are left aside. */
export function readSets(text: string): readonly SetBlock[] {
  const blocks: { name: string; type: string; line: number; text: string; members: SetMember[] }[] = [];
  const byName = new Map<string, (typeof blocks)[number]>();
  linesOf(text).forEach((line, i) => {
    const m = /^\s*(\S+)\s+(\S+)\s+(\S+)\s*(.*)$/.exec(line);
    if (m === null) return;
    const [, verb = '', name = '', third = '', rest = ''] = m;
    if (verb === 'add' || verb === '-A') byName.get(name)?.members.push({ line: i + 1, element: third, rest });
    else if (verb === 'create' || verb === '-N') {
      const block = { name, type: third, line: i + 1, text: line, members: [] };
      blocks.push(block);
      if (!byName.has(name)) byName.set(name, block);
    }
  });
  return blocks;
}

/** Words of options that have no value. */
const FLAGS: ReadonlySet<string> = new Set([
  'counters',
  'comment',
  'forceadd',
  'skbinfo',
  'nomatch',
  '-exist',
  '-!',
  '-4',
  '-6',
]);

/** Options after the first `skip` words of a line: value, or 'yes' for those without one. */
export function optionsOf(
  line: string,
  skip = 3,
  flags = FLAGS,
): ReadonlyMap<string, { readonly value: string; readonly from: number; readonly at: number; readonly to: number }> {
  const found = new Map<string, { value: string; from: number; at: number; to: number }>();
  const words = wordsOf(line);
  for (let i = skip; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const next = words[i + 1];
    if (flags.has(word.text) || next === undefined)
      found.set(word.text, { value: 'yes', from: word.from, at: word.from, to: word.to });
    else {
      found.set(word.text, { value: next.text, from: word.from, at: next.from, to: next.to });
      i++;
    }
  }
  return found;
}

/** In a line of a member, `comment` has a value. */
const MEMBER_FLAGS: ReadonlySet<string> = new Set(['nomatch', '-exist', '-!']);
export const memberOptions = (line: string) => optionsOf(line, 3, MEMBER_FLAGS);

function withOption(line: string, key: string, value: string, member: boolean): string {
  const old = (member ? memberOptions(line) : optionsOf(line)).get(key);
  const flag = (member ? MEMBER_FLAGS : FLAGS).has(key);
  if (value === '') return old === undefined ? line : cut(line, old.from, old.to);
  if (old !== undefined) return flag ? line : spliced(line, old.at, old.to, quoted(value));
  const end = wordsOf(line).at(-1)?.to ?? 0;
  return spliced(line, end, end, flag ? ` ${key}` : ` ${key} ${quoted(value)}`);
}

export const setSetOption = (text: string, set: SetBlock, key: string, value: string): string =>
  withLine(text, set.line, withOption(linesOf(text)[set.line - 1] ?? '', key, value, false));

export const setMemberOption = (text: string, member: SetMember, key: string, value: string): string =>
  withLine(text, member.line, withOption(linesOf(text)[member.line - 1] ?? '', key, value, true));

/** Another element in a member's place. */
export function setElement(text: string, member: SetMember, element: string): string {
  const line = linesOf(text)[member.line - 1] ?? '';
  const word = wordsOf(line)[2];
  return word === undefined ? text : withLine(text, member.line, spliced(line, word.from, word.to, element));
}

export function addSet(text: string, name: string, type: string, options: string): string {
  return withNewLine(text, `create ${name} ${type}${options === '' ? '' : ` ${options}`}`);
}

export function removeSet(text: string, set: SetBlock): string {
  return withoutLines(text, [set.line, ...set.members.map((m) => m.line)]);
}

/** A member at the end of its set. */
export function addMember(text: string, set: SetBlock, element: string, rest = ''): string {
  const line = `add ${set.name} ${element}${rest === '' ? '' : ` ${rest}`}`;
  return withNewLine(text, line, set.members.at(-1)?.line ?? set.line);
}

export const removeMember = (text: string, member: SetMember): string => withoutLines(text, [member.line]);

/** The set under another name, wherever this text names it: its own lines, and lists of sets. */
export function renameSet(text: string, from: string, to: string): string {
  const lists = new Set(
    readSets(text)
      .filter((s) => s.type === 'list:set')
      .map((s) => s.name),
  );
  return linesOf(text)
    .map((line) => {
      const words = wordsOf(line);
      const [verb, name, element] = words;
      let out = line;
      if (element?.text === from && name !== undefined && lists.has(name.text) && /^(add|-A)$/.test(verb?.text ?? ''))
        out = spliced(out, element.from, element.to, to);
      if (name?.text === from) out = spliced(out, name.from, name.to, to);
      return out;
    })
    .join('\n');
}

/** The set under another name in the rules of an iptables-save text. */
export function renameSetInRules(text: string, from: string, to: string): string {
  return text.replace(
    /((?:--match-set|--set|--add-set|--del-set|--map-set)\s+)(\S+)/g,
    (all, flag: string, name: string) => (name === from ? flag + to : all),
  );
}

/** How many rules of an iptables-save text name the set. */
export function rulesWithSet(text: string, name: string): number {
  return [...text.matchAll(/^-A .*?--(?:match-set|set|add-set|del-set|map-set)\s+(\S+)/gm)].filter((m) => m[1] === name)
    .length;
}

/** What a type of set holds, in words. */
export const TYPE_WORDS: Readonly<Record<string, string>> = {
  'hash:ip': 'single addresses',
  'hash:net': 'networks of any length',
  'hash:ip,port': 'an address with a port',
  'hash:net,port': 'a network with a port',
  'hash:ip,port,ip': 'an address, a port and an address',
  'hash:ip,port,net': 'an address, a port and a network',
  'hash:net,port,net': 'a network, a port and a network',
  'hash:net,net': 'pairs of networks',
  'hash:net,iface': 'a network behind an interface',
  'hash:ip,mark': 'an address with a mark',
  'hash:ip,mac': 'an address with a MAC',
  'hash:mac': 'MACs',
  'bitmap:ip': 'addresses of one range, at most 65536',
  'bitmap:ip,mac': 'addresses of one range, with a MAC',
  'bitmap:port': 'ports of one range',
  'list:set': 'other sets, asked in their order',
};

/** Something that an element of the type may look like. */
export function exampleOf(type: string, family: string): string {
  const parts = type.slice(type.indexOf(':') + 1).split(',');
  const v6 = family === 'inet6';
  return parts
    .map((part, i) => {
      switch (part) {
        case 'ip':
          return v6 ? `2001:db8::${i + 1}` : `192.0.2.${i + 1}`;
        case 'net':
          return v6 ? `2001:db8:${i}::/48` : `198.51.${100 + i}.0/24`;
        case 'port':
          return type === 'bitmap:port' ? '80' : 'tcp:80';
        case 'mac':
          return '02:00:00:00:00:01';
        case 'mark':
          return '0x1';
        case 'iface':
          return 'eth0';
        default:
          return 'another-set';
      }
    })
    .join(',');
}
