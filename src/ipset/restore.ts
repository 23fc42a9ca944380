import { type Diagnostic, errorAt, nearest } from '../base';
import { SET_TYPES } from './catalogue';
import { restoreText } from './command/command';
import { COMMANDS } from './command/words';
import { type IpSets, setsOf } from './sets';

/** What became of a text of `ipset save`. */
interface RestoreReport {
  /** What `ipset restore` stops at; the line is the one that it names, 0 if it names none. */
  readonly refused: { readonly line: number; readonly message: string } | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Lines, from 1, that are left out of what is loaded. */
  readonly leftOut: readonly number[];
}

/** More mistakes than these are not told one by one. */
const MOST = 100;

/**
 * Loads a text of `ipset save`. The tool stops at its first mistake; here that line is left out and the rest is loaded,
 * so that a run can go on, and every mistake is told.
 */
export function restoreSets(sets: IpSets, text: string): RestoreReport {
  const diagnostics: Diagnostic[] = [];
  const leftOut: number[] = [];
  let refused: RestoreReport['refused'] = null;
  let lines: readonly string[] | null = null;
  restoreText(sets, text, (line, message, toolLine) => {
    lines ??= text.split('\n');
    refused ??= { line: toolLine, message };
    if (leftOut.length < MOST) diagnostics.push(diagnosticOf(lines[line - 1] ?? '', line, toolLine, message));
    leftOut.push(line);
  });
  return { refused, diagnostics: diagnostics.sort((a, b) => a.line - b.line), leftOut: leftOut.sort((a, b) => a - b) };
}

function diagnosticOf(text: string, line: number, toolLine: number, message: string): Diagnostic {
  const plain = message.replace(/^Error in line \d+: /, '');
  const word = (/[`']([^`']+)'/.exec(plain) ?? /cannot parse (\S+): /.exec(plain))?.[1] ?? '';
  const at = word === '' ? -1 : text.indexOf(word);
  const words = /typename/.test(plain)
    ? SET_TYPES.map((t) => t.name)
    : /No command/.test(plain)
      ? COMMANDS.map((c) => c.name)
      : [];
  const better = at < 0 ? undefined : nearest(word, words);
  const start = at < 0 ? text.length - text.trimStart().length : at;
  const length = at < 0 ? text.trim().length : word.length;
  return errorAt(line, start + 1, length, 'ipset', plain, {
    toolLine,
    ...(better ? { suggestion: { label: `Did you mean ${better}?`, replacement: better } } : {}),
  });
}

/** The same into the sets of a host, which are made if there were none. */
export function loadSets(host: Parameters<typeof setsOf>[0], text: string): RestoreReport {
  return restoreSets(setsOf(host), text);
}
