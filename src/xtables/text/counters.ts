import { scanCounter } from '../read/numbers';
import { Refusal } from '../refusal';
import type { Counters64 } from '../types';

/** Counters in iptables-save text: in front of rules, and behind policies. */

interface RuleCounters {
  readonly packets: string;
  readonly bytes: string;
  /** Where the rule begins and ends in the line. */
  readonly from: number;
  readonly to: number;
}

/**
 * `[PACKETS:BYTES]` in front of a rule. The tool only looks for a `]`, then cuts the line at the first colon and at the `]`
 * behind that, wherever they are, and what it has cut off is no part of the rule. Kernel side: tokenize_rule_counters()
 */
export function ruleCounters(line: string, number: number): RuleCounters | Refusal {
  const need = (what: string): Refusal => new Refusal('bad-counters', `Bad line ${number}: need ${what}`);
  const text = `${line}\n`;
  const close = text.indexOf(']');
  if (close < 0) return need(']');
  const start = skip(text, 1, ':');
  const colon = text.indexOf(':', start);
  if (colon < 0) return need(']');
  const second = skip(text, colon + 1, ']');
  if (second === text.length) return need(']');
  const end = text.indexOf(']', second);
  const cuts = [colon, end].filter((at) => at > close);
  return {
    packets: text.slice(start, colon),
    bytes: text.slice(second, end < 0 ? text.length : end),
    from: close + 1,
    to: Math.min(line.length, ...cuts),
  };
}

function skip(text: string, from: number, char: string): number {
  let at = from;
  while (text[at] === char) at++;
  return at;
}

/** `[PACKETS:BYTES]` behind a policy; what follows the numbers does not count. Kernel side: parse_counters() */
export function policyCounters(word: string): Counters64 | null {
  const colon = word.indexOf(':');
  if (!/^\[\s*[+-]?\d+:/.test(word)) return null;
  const packets = scanCounter(word.slice(1, colon));
  const bytes = scanCounter(word.slice(colon + 1));
  return packets === null || bytes === null ? null : [packets, bytes];
}
