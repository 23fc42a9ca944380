import { conntrackSentences } from './conntrack';
import { dropSentences } from './drops';
import { natSentences } from './nat';
import { noteSentences } from './notes';
import { pathSentences } from './path';
import { routeSentences } from './routes';
import { ruleSentences } from './rules';

/**
 * The English catalogue: one sentence a key. `{name}` is a parameter, set as code; `{name|strong}` and `{name|plain}` say
 * otherwise, `{name|changed}` marks what is new about the packet; `*word*` is strong.
 */
export const sentences: Readonly<Record<string, string>> = {
  ...pathSentences,
  ...ruleSentences,
  ...routeSentences,
  ...natSentences,
  ...conntrackSentences,
  ...dropSentences,
  ...noteSentences,
};
