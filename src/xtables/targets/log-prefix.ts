import { text } from '../read/kinds';
import type { Kind } from '../record';
import { Refusal } from '../refusal';

/** Text in front of what is logged, cut down to what the kernel keeps; `spoken` is the option that the tool speaks of. */
export function logPrefix(cut: number, spoken = 'log-prefix'): Kind<string> {
  const kept = text({ min: 1, cut });
  return {
    name: 'text',
    read: (word, call) =>
      word.includes('\n') ? new Refusal('bad-value', `Newlines not allowed in --${spoken}`) : kept.read(word, call),
  };
}
