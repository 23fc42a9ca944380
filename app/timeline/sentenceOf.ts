import type { Explanation, SentencePart } from '../../src/engine';

/** Until the catalogue of sentences is there. */
export function sentenceOf(explanation: Explanation): readonly SentencePart[] {
  const { text } = explanation.params;
  return [{ text: String(text ?? explanation.key), role: 'plain' }];
}
