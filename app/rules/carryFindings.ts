import type { Finding } from '../../src/engine';

export type Findings = ReadonlyMap<number, readonly Finding[]>;

/**
 * What was found in a text, in the text that an edit made of it: what was found in lines that still stand, and because
 * of such, moves with them; the rest is left out until the text has been looked over anew.
 */
export function carryFindings(found: Findings, before: readonly string[], after: readonly string[]): Findings {
  if (found.size === 0) return found;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const moved = after.length - before.length;
  /** The line that a line has become; null if it was edited. */
  const at = (line: number): number | null => (line <= head ? line : line > before.length - tail ? line + moved : null);
  let same = true;
  const byLine = new Map<number, readonly Finding[]>();
  for (const [line, list] of found) {
    const now = at(line);
    const kept = list.flatMap((finding) => {
      const because = at(finding.because);
      if (now === null || because === null) return [];
      return now === line && because === finding.because ? finding : { ...finding, line: now, because };
    });
    if (kept.length === list.length && kept.every((finding, i) => finding === list[i])) byLine.set(line, list);
    else {
      same = false;
      if (now !== null && kept.length > 0) byLine.set(now, kept);
    }
  }
  return same ? found : byLine;
}
