import type { Work } from './slices';

/** So many entries are looked at before others may do something. */
const AT_ONCE = 500;

/**
 * The entries that contain all words of a query, best first: those that begin with it, then those with a word that
 * does, then the others. Groups stay together, in the order in which their best entry comes.
 */
export function* search<T extends { readonly group: string; readonly title: string }>(
  entries: readonly T[],
  query: string,
  textOf: (entry: T) => string,
  most: number,
): Work<readonly T[]> {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => ({ word, begins: new RegExp(`(^|[\\s:/.-])${escapeRegExp(word)}`) }));
  if (words.length === 0) return entries.filter((e) => e.group !== 'Rules').slice(0, most);
  const scoreOf = (entry: T): number => {
    const title = entry.title.toLowerCase();
    const text = textOf(entry).toLowerCase();
    let score = 0;
    for (const { word, begins } of words) {
      if (!text.includes(word)) return 0;
      if (title.startsWith(word)) score += 4;
      else if (begins.test(title)) score += 3;
      else if (title.includes(word)) score += 2;
      else score += 1;
    }
    return score;
  };
  const scored: { readonly entry: T; readonly score: number; readonly at: number }[] = [];
  for (const [at, entry] of entries.entries()) {
    const score = scoreOf(entry);
    if (score > 0) scored.push({ entry, score, at });
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  const best = scored.toSorted((a, b) => b.score - a.score || a.at - b.at).slice(0, most);
  const groups = [...new Set(best.map((b) => b.entry.group))];
  return groups.flatMap((group) => best.filter((b) => b.entry.group === group).map((b) => b.entry));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
