import { matches } from './matches';
import { makeExtensions } from './registry';
import { targets } from './targets';

/** Every match and target. */
export const allExtensions = makeExtensions(matches, targets);
