/** An event in one plain sentence. */

export { sentences } from './english';
export { endpointWords, explain, flowWords } from './explain';
export { renderSentence, sentenceText } from './render';
export type { ExplainContext, Explanation, Params, RuleEvent, SentencePart } from './types';
