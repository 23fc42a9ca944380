import type { SetMember, SetView } from '../../src/engine';

/** What stands behind a member's element. */
interface MemberNotes {
  /** What falls under it counts as not in the set. */
  readonly nomatch: boolean;
  readonly comment: string;
  /** `skbmark 0x1`, `wildcard`: what is left. */
  readonly rest: string;
}

/** What stands behind the element in a member's line, as far as it has no field of its own. */
export function notesOf({ text, element }: Pick<SetMember, 'text' | 'element'>): MemberNotes {
  let rest = text.slice(element.length);
  const comment = / comment "((?:\\.|[^"])*)"/.exec(rest);
  if (comment !== null) rest = rest.replace(comment[0], '');
  const nomatch = / nomatch(?= |$)/.test(rest);
  return { nomatch, comment: comment?.[1] ?? '', rest: rest.replace(/ nomatch(?= |$)/, '').trim() };
}

/** The set's own timeout in seconds, of which a member's is what remains; 0 if it has none. */
export function defaultTimeout(header: string): number {
  return Number(/(?:^| )timeout (\d+)/.exec(header)?.[1] ?? 0);
}

/** What a lookup cost, and what the same would cost as rules. */
interface LookupCost {
  readonly probes: number;
  /** What a probe is, for this type of set. */
  readonly how: string;
  /** Rules that would have been tried, and how many there would be. Null if which is not known. */
  readonly tried: number | null;
  readonly rules: number;
}

/**
 * @param event the lookup
 * @param sets all sets of the host: a list:set stands for the members of its sets
 */
export function costOf(
  event: { readonly set: string; readonly element: string; readonly matched: boolean; readonly probes: number },
  sets: readonly SetView[],
): LookupCost {
  const set = sets.find((s) => s.name === event.set);
  const type = set?.type ?? '';
  const inner = type === 'list:set' ? (set?.members ?? []).map((m) => sets.find((s) => s.name === m.element)) : [];
  const rules = type === 'list:set' ? inner.reduce((sum, s) => sum + (s?.size ?? 0), 0) : (set?.size ?? 0);
  const at = type === 'list:set' ? -1 : (set?.members ?? []).findIndex((m) => m.element === event.element);
  return {
    probes: event.probes,
    how: probeWords(type, event.probes),
    tried: at >= 0 ? at + 1 : event.matched ? null : rules,
    rules,
  };
}

function probeWords(type: string, probes: number): string {
  if (type.startsWith('bitmap:')) return 'one bit, at the place of the address or port';
  if (type === 'list:set') return 'each set of the list in turn, and what it takes there';
  if (type.includes('net'))
    return probes === 1
      ? 'one look, for one length of prefix'
      : 'one look for each length of prefix that is in it, the longest first';
  return 'one bucket of a hash table';
}
