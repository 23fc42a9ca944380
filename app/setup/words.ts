import type { Diagnostic } from '../../src/engine';

/** A word of a line of configuration, and where it stands. */
export interface Word {
  /** Without quotes. */
  readonly text: string;
  /** Offset of its first character, and of the one after its last. */
  readonly from: number;
  readonly to: number;
}

/** The words of a line as `ip -batch` and `ipset restore` see them: quotes hold words together, `#` begins a comment. */
export function wordsOf(line: string): readonly Word[] {
  const words: Word[] = [];
  for (const m of line.matchAll(/"([^"]*)"|'([^']*)'|[^\s"'#]\S*|#.*/g)) {
    if (m[0].startsWith('#')) break;
    words.push({ text: m[1] ?? m[2] ?? m[0], from: m.index, to: m.index + m[0].length });
  }
  return words;
}

/** Offset after the last word: where something can be added, before a comment. */
export function endOf(line: string): number {
  return wordsOf(line).at(-1)?.to ?? 0;
}

/** The line with what stands at these offsets replaced. */
export function spliced(line: string, from: number, to: number, text: string): string {
  return line.slice(0, from) + text + line.slice(to);
}

/** The line without what stands there, and without the blank that parted it from the word before. */
export function cut(line: string, from: number, to: number): string {
  const head = line.slice(0, from);
  const tail = line.slice(to);
  if (head.trim() === '') return head + tail.replace(/^\s+/, '');
  return head.replace(/\s+$/, '') + (/^\s*$/.test(tail) ? tail.trim() : tail);
}

/** A value as one word: in quotes if it needs them. */
export function quoted(value: string): string {
  return /[\s"'#]/.test(value) || value === '' ? `"${value.replaceAll('"', '')}"` : value;
}

export const linesOf = (text: string): readonly string[] => text.split('\n');

/** The text with one of its lines (from 1) replaced. */
export function withLine(text: string, line: number, by: string): string {
  return linesOf(text)
    .with(line - 1, by)
    .join('\n');
}

/** The text without these lines. */
export function withoutLines(text: string, lines: readonly number[]): string {
  const gone = new Set(lines);
  return linesOf(text)
    .filter((_, i) => !gone.has(i + 1))
    .join('\n');
}

/** The text with a line added: after `after` (from 1; 0: at the top), else at its end. A text ends with its last line. */
export function withNewLine(text: string, line: string, after?: number): string {
  const lines = [...linesOf(text)];
  if (after !== undefined) {
    if (after >= lines.length) return withNewLine(text, line);
    lines.splice(after, 0, line);
    return lines.join('\n');
  }
  if (text.trim() === '') return `${line}\n`;
  return `${text.replace(/\n+$/, '')}\n${line}\n`;
}

/** Where a line of the old text stands in the new one: lines before the first change stay, those after it move along. */
export function movedLine(before: string, after: string, line: number): number | null {
  if (before === after) return line;
  const a = linesOf(before);
  const b = linesOf(after);
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  if (line <= same) return line;
  let tail = 0;
  while (tail < a.length - same && tail < b.length - same && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  if (line > a.length - tail) return line + b.length - a.length;
  // One line was edited: it is still that line. Of several that were put in place of others, none is.
  return a.length === b.length ? line : null;
}

/** A line with what is suggested against what is wrong in it. */
export function mended(line: string, { column, endColumn, suggestion }: Diagnostic): string {
  const at = (suggestion?.before ?? column) - 1;
  const to = suggestion?.before === undefined ? endColumn - 1 : at;
  return line.slice(0, at) + (suggestion?.replacement ?? '') + line.slice(to);
}
