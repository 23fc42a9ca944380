import type { Completion } from '../../src/engine';
import { commonPrefix } from './words';

/** The line with one completion taken, and where the cursor goes: behind it, with a blank if the word is done. */
export function completed(line: string, at: number, one: Completion): readonly [string, number] {
  const rest = line.slice(at);
  const open = /[/=:,]$/.test(one.text);
  const blank = open || rest.startsWith(' ') ? '' : ' ';
  const head = line.slice(0, one.from) + one.text + blank;
  return [head + rest, head.length + (!open && rest.startsWith(' ') ? 1 : 0)];
}

/** The line with what all completions have in common, and where the cursor goes. */
export function applied(line: string, at: number, list: readonly Completion[]): readonly [string, number] {
  const [first] = list;
  if (first === undefined || list.some((one) => one.from !== first.from)) return [line, at];
  const common = commonPrefix(list.map((one) => one.text));
  if (common.length <= at - first.from) return [line, at];
  const head = line.slice(0, first.from) + common;
  return [head + line.slice(at), head.length];
}
