import type { SetAnswer } from '../../ipset';
import { type SetRef, setRef } from '../matches/set';
import { readUint } from '../read/numbers';
import { defineTarget, flag, type Kind, option, type TargetAnswer, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';
import { changed, setMark } from './change';

interface SetTargetConfig {
  readonly add: SetRef | null;
  readonly del: SetRef | null;
  readonly map: SetRef | null;
  readonly exist: boolean;
  readonly timeout: number | null;
  readonly mapMark: boolean;
  readonly mapPrio: boolean;
  readonly mapQueue: boolean;
}

const timeout: Kind<number> = {
  name: 'seconds',
  read: (word) =>
    readUint(word, 0, 0xffff_fffe) ??
    new Refusal('bad-value', 'Invalid value for option --timeout or out of range 0-4294967294'),
};

const UNNOTICED = { onNot: '', repeatable: true } as const;
const REF = (name: string) => ({ onNot: '', twice: `--${name} can be specified only once` });

export const SET = defineTarget({
  name: 'SET',
  title: 'Change a set',
  help: 'Adds the packet, or parts of it, to an ipset, or takes it out.',
  verdict: 'continue',
  options: {
    'add-set': option(setRef('add-set'), 'Adds to this set', REF('add-set')),
    'del-set': option(setRef('del-set'), 'Takes out of this set', REF('del-set')),
    exist: flag('An element that is there already gets a new timeout', UNNOTICED),
    timeout: option(timeout, 'Seconds until the element goes', UNNOTICED),
    'map-set': option(setRef('map-set'), 'What the element of this set says is put on the packet', REF('map-set')),
    'map-mark': flag('The mark', UNNOTICED),
    'map-prio': flag('The priority', UNNOTICED),
    'map-queue': flag('The queue of the device', UNNOTICED),
  },
  parse: (uses): Read<SetTargetConfig> => {
    const [add, del, map] = [uses['add-set']?.value, uses['del-set']?.value, uses['map-set']?.value];
    const missing = (message: string): Refusal => new Refusal('option-missing', message);
    if (add === undefined && del === undefined && map === undefined) {
      return missing("You must specify either `--add-set' or `--del-set' or `--map-set'");
    }
    if (add === undefined && uses.exist !== undefined) {
      return missing("Flag `--exist' can be used with `--add-set' only");
    }
    if (add === undefined && uses.timeout !== undefined) {
      return missing("Option `--timeout' can be used with `--add-set' only");
    }
    const flags = ['map-mark', 'map-prio', 'map-queue'] as const;
    for (const name of flags) {
      if (map === undefined && uses[name] !== undefined) {
        return missing(`Flag \`--${name}' can be used with \`--map-set' only`);
      }
    }
    if (map !== undefined && flags.every((name) => uses[name] === undefined)) {
      return missing("You must specify flags `--map-mark' or '--map-prio` or `--map-queue'");
    }
    return {
      add: add ?? null,
      del: del ?? null,
      map: map ?? null,
      exist: uses.exist !== undefined,
      timeout: uses.timeout?.value ?? null,
      mapMark: uses['map-mark'] !== undefined,
      mapPrio: uses['map-prio'] !== undefined,
      mapQueue: uses['map-queue'] !== undefined,
    };
  },
  print: (c) => setText(c, '--'),
  list: (c) => setText(c, ''),
  sets: (c) => [c.add, c.del, c.map].flatMap((ref) => ref?.name ?? []),
  // Kernel: set_target_v3_checkentry(), net/netfilter/xt_set.c
  check: (c, { context, table, hooks }) => {
    for (const ref of [c.add, c.del, c.map]) {
      if (ref !== null && context.sets !== undefined && context.sets?.info(ref.name) == null) return 'ENOENT';
    }
    if (c.map === null) return null;
    if (table !== 'mangle') return 'EINVAL';
    const early = hooks.some((hook) => hook !== 'FORWARD' && hook !== 'OUTPUT' && hook !== 'POSTROUTING');
    return (c.mapPrio || c.mapQueue) && early ? 'EINVAL' : null;
  },
  act: actSet,
});

function setText(c: SetTargetConfig, prefix: string): string {
  const ref = (name: string, set: SetRef | null): string =>
    set === null ? '' : ` ${prefix}${name} ${set.name} ${set.dirs.join(',')}`;
  let out = ref('add-set', c.add);
  if (c.exist) out += ` ${prefix}exist`;
  if (c.timeout !== null) out += ` ${prefix}timeout ${c.timeout}`;
  out += ref('del-set', c.del) + ref('map-set', c.map);
  if (c.mapMark) out += ` ${prefix}map-mark`;
  if (c.mapPrio) out += ` ${prefix}map-prio`;
  if (c.mapQueue) out += ` ${prefix}map-queue`;
  return out;
}

/** Kernel: set_target_v3() */
function actSet(c: SetTargetConfig, action: XtAction): TargetAnswer {
  const { env, skb, state } = action;
  const { sets } = env;
  const tell = (ref: SetRef, what: 'add' | 'del' | 'test', answer: SetAnswer): void => {
    const { element, matched, probes, size } = answer;
    env.port.emit(skb, { type: 'set', set: ref.name, what, element, matched, probes, size });
  };
  if (sets === null) return 'continue';
  const { timeout: seconds, exist } = c;
  if (c.add !== null) tell(c.add, 'add', sets.add(c.add.name, skb, state, c.add.dirs, { timeout: seconds, exist }));
  if (c.del !== null) tell(c.del, 'del', sets.del(c.del.name, skb, state, c.del.dirs));
  if (c.map === null) return 'continue';
  const answer = sets.test(c.map.name, skb, state, c.map.dirs, MAP_TEST);
  tell(c.map, 'test', answer);
  const info = answer.skbinfo;
  if (!answer.matched || info === undefined) return 'continue';
  if (c.mapMark) setMark(action, (skb.mark & ~info.markMask) ^ info.mark, 'SET');
  if (c.mapPrio) {
    changed(action, 'priority', skb.priority, info.priority, 'SET');
    skb.priority = info.priority;
  }
  return 'continue';
}

const MAP_TEST = {
  returnNomatch: false,
  updateCounters: true,
  updateSubcounters: true,
  packets: null,
  bytes: null,
} as const;
