import { ctStateOf } from '../../conntrack';
import { defineMatch, type Kind, not, option } from '../record';
import { Refusal } from '../refusal';
import { printStates, readStates, STATE_WORDS } from './conntrack-words';

interface StateConfig {
  readonly states: number;
  readonly negated: boolean;
}

const states: Kind<number> = {
  name: 'ct-states',
  values: STATE_WORDS,
  read: (word) => {
    if (word === '' || (word.endsWith(',') && word !== ',')) {
      const message = '"--state" requires a list of states with no spaces, e.g. ESTABLISHED,RELATED';
      return new Refusal('bad-value', message, { suggestion: word.slice(0, -1) });
    }
    return readStates(word, STATE_WORDS, (rest) => `Bad state "${rest}"`);
  },
};

export const state = defineMatch({
  name: 'state',
  title: 'Connection state',
  help: 'The older name of `conntrack --ctstate`.',
  conntrack: true,
  options: {
    state: option(states, 'How the packet stands to its connection', { negatable: true, required: true }),
  },
  parse: (uses): StateConfig => ({ states: uses.state!.value, negated: uses.state!.negated }),
  print: (c) => `${not(c.negated)} --state ${printStates(c.states)}`,
  list: (c) => `${not(c.negated)} state ${printStates(c.states)}`,
  match: (c, { skb }) => {
    const bit = { INVALID: 1, NEW: 2, RELATED: 4, ESTABLISHED: 8, UNTRACKED: 16 }[ctStateOf(skb)];
    return ((c.states & bit) !== 0) !== c.negated;
  },
  because: (_, { skb }) => `the state is ${ctStateOf(skb)}`,
});
