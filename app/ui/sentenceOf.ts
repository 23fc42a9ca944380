import { type Explanation, renderSentence, type SentencePart } from '../../src/engine';

/** The sentence of an explanation; its key where the catalogue does not know it. */
export function sentenceOf(explanation: Explanation): readonly SentencePart[] {
  try {
    return renderSentence(explanation);
  } catch {
    return [{ text: String(explanation.params.text ?? explanation.key), role: 'plain' }];
  }
}
