import type { Difference } from './compare';

/** How a lab's two recordings are equal: as they are, or where chance had a part. */
export type Equality = 'as-is' | 'but-for-drawn' | 'as-drawn' | 'recorded-again';

/** What was found in one lab. */
export interface Finding<T> {
  readonly lab: T;
  readonly name: string;
  readonly differences: readonly Difference[];
  /** How it was equal, where chance had a part. */
  readonly equal?: Equality;
}

/**
 * Differences with the same cause are often of the same kind and, if a table has to do with it, of the same chain.
 * A fault of the engine is one by its message.
 */
export function kindOf({ kind, text }: Difference): string {
  if (kind === 'not modelled' || kind === 'fault') return `${kind}: ${text.split('\n')[0]}`;
  const place = /(?:expected|also:|should be:) ip6? (\w+ [A-Z]+)/.exec(text);
  return place?.[1] === undefined ? kind : `${kind} at ${place[1]}`;
}

/** Labs by the kind of their first difference, the most frequent kind first. */
export function byKind<T>(findings: readonly Finding<T>[]): readonly (readonly [string, readonly Finding<T>[]])[] {
  const groups = new Map<string, Finding<T>[]>();
  for (const finding of findings) {
    const first = finding.differences[0];
    if (first === undefined) continue;
    const kind = kindOf(first);
    groups.set(kind, [...(groups.get(kind) ?? []), finding]);
  }
  return [...groups].sort((a, b) => b[1].length - a[1].length);
}

/** How many are equal, and a line for each kind with some names. */
export function summary<T>(findings: readonly Finding<T>[], most = 8): string {
  const equal = findings.filter(({ differences }) => differences.length === 0).length;
  const lines = [`${equal} of ${findings.length} equal`];
  const line = (group: readonly Finding<T>[], what: string) => {
    const names = group.slice(0, most).map(({ name }) => name);
    if (group.length > most) names.push('…');
    if (group.length > 0) lines.push(`${String(group.length).padStart(5)} × ${what}: ${names.join(', ')}`);
  };
  const by = (how: Finding<T>['equal']) => findings.filter((finding) => finding.equal === how);
  line(by('but-for-drawn'), 'equal but for ports and ids that were drawn');
  line(by('as-drawn'), 'equal with other ports drawn');
  line(by('recorded-again'), 'equal when recorded again');
  for (const [kind, group] of byKind(findings)) line(group, kind);
  return lines.join('\n');
}

/** The comparison, where a fault of the engine is a difference too. */
export function withFaults(compare: () => readonly Difference[]): readonly Difference[] {
  try {
    return compare();
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message).replace(/^\w*Error: /, '') : String(error);
    return [{ kind: 'fault', where: 'engine', text }];
  }
}
