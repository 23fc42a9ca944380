import { nearest } from '../../base';
import type { SetAnswer, SetCounterTest, SetDir, SetTestOptions } from '../../ipset';
import { readUint64 } from '../read/numbers';
import { criterion, defineMatch, flag, type Kind, not, option, type ReadCall, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';

export interface SetRef {
  readonly name: string;
  readonly dirs: readonly SetDir[];
}

interface SetConfig extends SetRef, SetTestOptions {
  readonly negated: boolean;
}

/** Most parts that an element can have. Kernel: IPSET_DIM_MAX */
const MOST_PARTS = 6;

/** `SET src,dst`; `flag` is the name of the option in complaints. */
export function setRef(flagName: string): Kind<SetRef> {
  return {
    name: 'set',
    second: `--${flagName} requires two args.`,
    read: (name, call) => readSet(name, call),
  };
}

function readSet(name: string, call: ReadCall): Read<SetRef> {
  if (name.length > 31) return new Refusal('bad-set', `setname \`${name}' too long, max 31 characters.`);
  const { sets } = call.context;
  if (sets !== undefined) {
    const info = sets?.info(name) ?? null;
    if (info === null) return new Refusal('unknown-set', `Set ${name} doesn't exist.\n`);
    const wanted = call.family === 'ip' ? 'inet' : 'inet6';
    if (info.family !== wanted && info.family !== 'unspec') {
      const family = info.family === 'inet' ? 'IPv4' : 'IPv6';
      const message = `The protocol family of set ${name} is ${family}, which is not applicable.\n`;
      return new Refusal('wrong-family', message);
    }
  }
  const dirs: SetDir[] = [];
  for (const word of call.second.split(',')) {
    if (dirs.length === MOST_PARTS) {
      return new Refusal('bad-value', `Can't be more src/dst options than ${MOST_PARTS}.`);
    }
    if (word.startsWith('src')) dirs.push('src');
    else if (word.startsWith('dst')) dirs.push('dst');
    else {
      const message = "You must spefify (the comma separated list of) 'src' or 'dst'.";
      return new Refusal('bad-value', message, { suggestion: nearest(word, ['src', 'dst']) });
    }
  }
  return { name, dirs };
}

const counterKind: Kind<bigint> = {
  name: 'uint64',
  read: (word) => readUint64(word) ?? new Refusal('bad-value', `Cannot parse ${word} as a counter value`),
};

/** One of three. Kernel side: set_parse_v4() */
function counter(name: 'packets' | 'bytes', operator: 'eq' | 'lt' | 'gt', help: string) {
  return option(counterKind, help, {
    negatable: operator === 'eq',
    onNot: `--${name}-${operator} option cannot be inverted`,
    twice: `only one of the --${name}-[eq|lt|gt] is allowed`,
    rivals: ['eq', 'lt', 'gt'].map((other) => `${name}-${other}`),
  });
}

interface CounterUse {
  readonly value: bigint;
  readonly negated: boolean;
}

function counterTest(
  eq: CounterUse | undefined,
  lt: CounterUse | undefined,
  gt: CounterUse | undefined,
): SetCounterTest | null {
  const use = eq ?? lt ?? gt;
  if (use === undefined) return null;
  const op = eq === undefined ? (lt === undefined ? 'gt' : 'lt') : use.negated ? 'ne' : 'eq';
  return { op, value: use.value };
}

/** Once is enough to switch it off. */
const UPDATES = { negatable: true, repeatable: true } as const;

export const set = defineMatch({
  name: 'set',
  title: 'Set',
  help: 'The packet, or parts of it, is an element of an ipset.',
  sideEffect: true,
  options: {
    'match-set': option(setRef('match-set'), 'Set, and for each part of its elements src or dst', {
      aliases: ['set'],
      negatable: true,
      twice: '--match-set can be specified only once',
      warning: (name) => (name === 'set' ? '--set option deprecated, please use --match-set' : null),
    }),
    'return-nomatch': flag('An element that is marked nomatch counts as found', {
      onNot: '--return-nomatch flag cannot be inverted',
      repeatable: true,
    }),
    'update-counters': flag('Counters of the element are kept (with ! they are not)', UPDATES),
    'update-subcounters': flag('Counters in member sets are kept (with ! they are not)', UPDATES),
    'packets-eq': counter('packets', 'eq', 'Packets counted by the element'),
    'packets-lt': counter('packets', 'lt', 'Packets counted by the element: less than'),
    'packets-gt': counter('packets', 'gt', 'Packets counted by the element: more than'),
    'bytes-eq': counter('bytes', 'eq', 'Bytes counted by the element'),
    'bytes-lt': counter('bytes', 'lt', 'Bytes counted by the element: less than'),
    'bytes-gt': counter('bytes', 'gt', 'Bytes counted by the element: more than'),
  },
  parse: (uses): Read<SetConfig> => {
    const ref = uses['match-set'];
    if (ref === undefined) {
      return new Refusal('option-missing', "You must specify `--match-set' with proper arguments");
    }
    return {
      ...ref.value,
      negated: ref.negated,
      returnNomatch: uses['return-nomatch'] !== undefined,
      updateCounters: !uses['update-counters']?.all.some(({ negated }) => negated),
      updateSubcounters: !uses['update-subcounters']?.all.some(({ negated }) => negated),
      packets: counterTest(uses['packets-eq'], uses['packets-lt'], uses['packets-gt']),
      bytes: counterTest(uses['bytes-eq'], uses['bytes-lt'], uses['bytes-gt']),
    };
  },
  print: (c) => setText(c, '--'),
  list: (c) => setText(c, ''),
  sets: (c) => [c.name],
  // Kernel: set_match_v4_checkentry(), net/netfilter/xt_set.c
  check: (c, { context }) => {
    if (context.sets === undefined) return null;
    return context.sets?.info(c.name) == null ? 'ENOENT' : null;
  },
  // Kernel: set_match_v4()
  match: (c, action) => {
    const answer = test(c, action);
    if (answer === null) return null;
    const { element, matched, probes, size } = answer;
    action.env.port.emit(action.skb, { type: 'set', set: c.name, what: 'test', element, matched, probes, size });
    return matched !== c.negated;
  },
  explain: (c, action, matched) => {
    const words = `${c.negated ? '! ' : ''}--match-set ${c.name} ${c.dirs.join(',')}`;
    if (matched === null) return [criterion(words, null, 'there is no such set')];
    const inSet = matched !== c.negated;
    return [criterion(words, matched, `it is ${inSet ? '' : 'not '}in the set ${c.name}`)];
  },
});

function test(c: SetConfig, { env, skb, state }: XtAction): SetAnswer | null {
  return env.sets === null || env.sets.info(c.name) === null ? null : env.sets.test(c.name, skb, state, c.dirs, c);
}

function setText(c: SetConfig, prefix: string): string {
  let out = `${not(c.negated)} ${prefix}match-set ${c.name} ${c.dirs.join(',')}`;
  if (c.returnNomatch) out += ` ${prefix}return-nomatch`;
  if (!c.updateCounters) out += ` ! ${prefix}update-counters`;
  if (!c.updateSubcounters) out += ` ! ${prefix}update-subcounters`;
  const counters = (tested: SetCounterTest | null, name: string): string => {
    if (tested === null) return '';
    const op = tested.op === 'ne' ? 'eq' : tested.op;
    return `${not(tested.op === 'ne')} ${prefix}${name}-${op} ${tested.value}`;
  };
  return out + counters(c.packets, 'packets') + counters(c.bytes, 'bytes');
}
