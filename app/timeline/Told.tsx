import type { Explanation } from '../../src/engine';
import { useEvent, whyStep } from '../store';
import { cx, Sentence, sentenceOf } from '../ui';

/** More characters than three lines of a phone hold: they are set smaller, and take no more room. */
const LONG = 122;

/** The sentence of an explanation. It comes with all words there are for what happens, when the first one is told. */
export function Told({ explanation, narrow }: { readonly explanation: Explanation; readonly narrow: boolean }) {
  const event = useEvent();
  const why = event?.type === 'command' && event.exit === 0 ? whyStep(event.command) : '';
  const parts = sentenceOf(explanation);
  const long = narrow && parts.reduce((sum, p) => sum + p.text.length, 0) > LONG;
  return (
    <span className={cx(long && 'block text-[15px] leading-[1.3]')}>
      <Sentence parts={parts} />
      {why !== '' && ` It is a step, as ${why}.`}
    </span>
  );
}
