import { typeOf } from '../catalogue';
import { headerOptions, type MemberText, memberTexts, memorySize, optionsText } from '../list-text';
import { isHash } from '../sets';
import type { IpSet } from '../types';
import type { Session } from './session';
import { compareElements } from './sort';

/** What `list` and `save` print. libipset: callback_list(), list_create(), list_adt() */
export function listSets(session: Session, command: 'list' | 'save', name: string | null): string {
  const { sets, options } = session;
  sets.purge(); // members of a list that have expired no longer count as references
  session.mode ??= command === 'save' ? 'save' : 'plain';
  const { mode } = session;
  const chosen = sets.all().filter((s) => name === null || s.name === name);
  // The kernel leaves out members only for `list`, and not where whole commands are printed.
  const headersOnly = command === 'list' && mode !== 'save' && options.terse;
  if (options.names && mode !== 'save') {
    const lines = chosen.map((s) => (mode === 'xml' ? `<ipset name="${s.name}"/>\n` : `${s.name}\n`));
    return mode === 'xml' ? `<ipsets>\n${lines.join('')}</ipsets>\n` : lines.join('');
  }
  const texts = chosen.map((set, i) => setText(session, set, mode, headersOnly, i === 0));
  return mode === 'xml' ? `<ipsets>\n${texts.join('')}</ipsets>\n` : texts.join('');
}

function setText(
  session: Session,
  set: IpSet,
  mode: 'plain' | 'save' | 'xml',
  headersOnly: boolean,
  first: boolean,
): string {
  const tick = session.sets.tick();
  const members = headersOnly ? [] : memberTexts(set, tick);
  if (session.options.sorted && isHash(set)) members.sort((a, b) => compareElements(line(a), line(b)));
  if (mode === 'save') {
    const adds = members.map((m) => `add ${set.name} ${line(m)}\n`).join('');
    return `create ${set.name} ${set.type}${optionsText(headerOptions(set))}\n${adds}`;
  }
  const facts = [memorySize(set, tick), session.sets.references(set.name), session.sets.count(set)] as const;
  if (mode === 'xml') return xmlText(set, members, facts, session.options.terse);
  const text =
    `Name: ${set.name}\nType: ${set.type}\nRevision: ${typeOf(set.type).revision}\n` +
    `Header:${optionsText(headerOptions(set))}\n` +
    `Size in memory: ${facts[0]}\nReferences: ${facts[1]}\nNumber of entries: ${facts[2]}\n`;
  const body = session.options.terse ? '' : 'Members:\n';
  return `${first ? '' : '\n'}${text}${body}${members.map((m) => `${line(m)}\n`).join('')}`;
}

function line(member: MemberText): string {
  return `${member.element}${optionsText(member.options)}`;
}

function xmlText(
  set: IpSet,
  members: readonly MemberText[],
  [memory, references, entries]: readonly [number, number, number],
  terse: boolean,
): string {
  const tags = (options: MemberText['options']) =>
    options.map(([name, value]) => (value === null ? `<${name}/>` : `<${name}>${value}</${name}>`)).join('');
  const head =
    `<ipset name="${set.name}">\n<type>${set.type}</type>\n<revision>${typeOf(set.type).revision}</revision>\n` +
    `<header>${tags(headerOptions(set))}\n<memsize>${memory}</memsize>\n<references>${references}</references>\n` +
    `<numentries>${entries}</numentries>\n</header>\n`;
  if (terse) return `${head}</ipset>\n`;
  const list = members.map((m) => `<member><elem>${m.element}</elem>${tags(m.options)}</member>\n`).join('');
  return `${head}<members>\n${list}</members>\n</ipset>\n`;
}
