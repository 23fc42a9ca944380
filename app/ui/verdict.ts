import { dropWords, type Outcome } from '../../src/engine';
import type { GlyphName } from './glyphs';

/** An outcome as glyph, word, and where. */
export function verdictOf(outcome: Outcome): {
  readonly glyph: GlyphName;
  readonly word: string;
  readonly where: string;
} {
  switch (outcome.kind) {
    case 'delivered':
      return outcome.place === 'closed'
        ? { glyph: 'rej', word: 'REFUSED', where: `nobody listens on ${outcome.host}` }
        : { glyph: 'ok', word: 'ACCEPT', where: `delivered to ${outcome.host}` };
    case 'dropped':
      return {
        glyph: 'bad',
        word: 'DROP',
        where: dropWords(outcome.reason, outcome.by) ?? byText(outcome.by || outcome.reason),
      };
    case 'rejected':
      return { glyph: 'rej', word: 'REJECT', where: byText(outcome.by) };
    case 'left':
      return outcome.known
        ? { glyph: 'ok', word: 'ACCEPT', where: `left ${outcome.host} by ${outcome.interface}` }
        : { glyph: 'bad', word: 'LOST', where: `nobody answers on ${outcome.interface}` };
    case 'unanswered':
      return { glyph: 'silent', word: 'NO ANSWER', where: verdictOf(outcome.sent).where };
    case 'error':
      return { glyph: 'bad', word: 'ERROR', where: outcome.errno };
    case 'done':
      return { glyph: 'ok', word: 'ACCEPT', where: outcome.note };
    case 'failed':
      return { glyph: 'bad', word: 'FAILED', where: outcome.note };
    case 'stopped':
      return { glyph: 'bad', word: 'STOPPED', where: 'it went in circles' };
  }
}

/** An outcome in the middle of a sentence. */
export function byWords(outcome: Outcome): string {
  const { word, where } = verdictOf(outcome);
  return `${word} ${where}`.trim();
}

/** `filter INPUT policy` → `by the policy of INPUT`, `conntrack PREROUTING` → `by conntrack at PREROUTING`. */
function byText(by: string): string {
  const [, fn, hook] = /^(\S+) ([A-Z]+)$/.exec(by) ?? [];
  if (hook !== undefined) return `by ${fn} at ${hook}`;
  const [, , chain, rule] = /^(ip6 )?\S+ (\S+) (\S+)$/.exec(by) ?? [];
  if (chain === undefined || rule === undefined) return by === '' ? '' : `by ${by}`;
  return rule === 'policy' ? `by the policy of ${chain}` : `by rule ${rule} of ${chain}`;
}
