/** An event in one plain sentence. */

export { explain } from './explain';
export { renderSentence } from './render';
export type { ExplainContext, Explanation, RuleEvent, SentencePart } from './types';
