import type { Diagnostic } from '../base';
import { changeRoute } from './apply-route';
import { addRule } from './apply-rule';
import type { Fib } from './fib';
import { parseRoute } from './parse-route';
import { parseRule } from './parse-rule';
import type { FibDevices } from './types';
import { IpError, splitWords, type Word } from './words';

/** What became of a text of `ip route` or `ip rule` lines. A line that is refused is left out, the others hold. */
interface FibLoad {
  /** What `ip -batch` would have stopped at. */
  readonly refused: { readonly line: number; readonly message: string } | null;
  readonly diagnostics: readonly Diagnostic[];
  /** From 1. */
  readonly leftOut: readonly number[];
}

/** Lines of `ip route`, as a lab has them: one route each; what the kernel made itself (`proto kernel`) is implied. */
export function loadRoutes(fib: Fib, text: string, devices: FibDevices): FibLoad {
  return eachLine(text, (line, words) => {
    if (line.includes('proto kernel')) return null;
    return changeRoute(fib, 'add', parseRoute(texts(words), fib.family), devices);
  });
}

const BUILT_IN = /^(0:\s*from all lookup local|32766:\s*from all lookup main|32767:\s*from all lookup default)$/;

/** Lines of `ip rule`, with or without the priority in front. The built-in ones are implied. */
export function loadRules(fib: Fib, text: string): FibLoad {
  return eachLine(text, (line, words) => {
    if (BUILT_IN.test(line)) return null;
    const m = /^(\d+):$/.exec(words[0]!.text) ?? /^(\d+):(.+)$/.exec(words[0]!.text);
    if (!m) return addRule(fib, parseRule(texts(words), fib.family));
    const rest = [...(m[2] ? [m[2]] : []), ...texts(words.slice(1))];
    try {
      return addRule(fib, parseRule(['pref', m[1]!, ...rest], fib.family));
    } catch (error) {
      if (!(error instanceof IpError)) throw error;
      const word = error.word < 2 ? error.word : error.word - (m[2] ? 2 : 1);
      throw new IpError(error.message, word, error.exit, error.replacement);
    }
  });
}

function texts(words: readonly Word[]): readonly string[] {
  return words.map((w) => w.text);
}

function eachLine(text: string, act: (line: string, words: readonly Word[]) => string | null): FibLoad {
  const diagnostics: Diagnostic[] = [];
  const leftOut: number[] = [];
  let refused: FibLoad['refused'] = null;
  text.split('\n').forEach((raw, i) => {
    const words = splitWords(raw);
    if (words.length === 0) return;
    const fault = attempt(() => act(raw.trim(), words));
    if (fault === null) return;
    refused ??= { line: i + 1, message: fault.message };
    leftOut.push(i + 1);
    diagnostics.push(fault.diagnostic(i + 1, words, fault.exit === 2 ? 'ip-refused' : 'ip-syntax'));
  });
  return { refused, diagnostics, leftOut };
}

/** Runs a change; what is wrong with it, in either of its two forms, or null. */
export function attempt(act: () => string | null): IpError | null {
  try {
    const message = act();
    if (message === null) return null;
    const own = message.startsWith('Cannot find device') ? 1 : 2;
    return new IpError(message, -1, message.endsWith('cannot parse nexthop') ? 255 : own);
  } catch (error) {
    if (error instanceof IpError) return error;
    throw error;
  }
}
