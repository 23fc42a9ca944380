/**
 * What is wrong with a text that a person wrote.
 *
 * Lines and columns count from 1; `endColumn` is the column after the last marked character.
 */
export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'info';
  /** One plain sentence; the real tool's words where it has any. */
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  /** A stable name of the kind of mistake, for tests and translation. */
  readonly code: string;
  /**
   * The line that the real tool names, where it is not `line`: what the kernel refuses in an iptables table is
   * reported at COMMIT.
   */
  readonly toolLine?: number;
  readonly suggestion?: Suggestion;
}

/** A text that, put in place of the marked one, mends it. */
export interface Suggestion {
  readonly label: string;
  readonly replacement: string;
  /** The column that it is put before, where what is marked stays. */
  readonly before?: number;
}

/** The outcome of reading a text: a value, or every diagnostic. Warnings may come with a value. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export function ok<T>(value: T, warnings: readonly Diagnostic[] = []): Result<T> {
  return { ok: true, value, warnings };
}

export function fail<T = never>(...diagnostics: readonly Diagnostic[]): Result<T> {
  return { ok: false, diagnostics };
}

/** A diagnostic of severity `error` for `length` characters at `line`:`column`. */
export function errorAt(
  line: number,
  column: number,
  length: number,
  code: string,
  message: string,
  extra: Partial<Pick<Diagnostic, 'toolLine' | 'suggestion'>> = {},
): Diagnostic {
  return { severity: 'error', message, line, column, endColumn: column + Math.max(1, length), code, ...extra };
}

/**
 * The word of `words` that `word` was probably meant to be, or undefined when none is near.
 * Distance is Damerau-Levenshtein (a swap of neighbours counts one); at most a third of the length may differ.
 */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of words) {
    const d = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (d < bestDistance) {
      bestDistance = d;
      best = candidate;
    }
  }
  return best;
}

function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2]! + 1);
      row.push(d);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
