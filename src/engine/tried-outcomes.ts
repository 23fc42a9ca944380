/** Outcomes of rules by their number in `TriedChain.outcomes`. */
export const TRIED_OUTCOMES = ['not-reached', 'failed', 'matched', 'unknown'] as const;
