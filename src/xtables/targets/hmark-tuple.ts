import type { Kind } from '../record';
import { Refusal } from '../refusal';

export type HmarkField = 'src' | 'dst' | 'sport' | 'dport' | 'proto' | 'spi';

const WORDS = ['ct', 'src', 'dst', 'sport', 'dport', 'proto', 'spi'] as const;

/** Words with commas between; each may be cut short, and the first that fits is taken. */
export const hmarkTuple: Kind<readonly ('ct' | HmarkField)[]> = {
  name: 'hmark-tuple',
  values: WORDS,
  read: (list) => {
    const found: ('ct' | HmarkField)[] = [];
    for (const [i, part] of list.split(',').entries()) {
      const rest = list.split(',').slice(i).join(',');
      const word = part === '' ? undefined : WORDS.find((name) => name.startsWith(part.toLowerCase()));
      if (word !== undefined) found.push(word);
      else if (rest !== '') return new Refusal('bad-value', `Bad type "${rest}"`);
      else {
        const message = '"--hmark-tuple" requires a list of types with no spaces, e.g. src,dst,sport,dport,proto';
        return new Refusal('bad-value', message);
      }
    }
    return found;
  },
};
