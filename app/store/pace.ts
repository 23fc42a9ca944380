import type { BeatKind } from './beats';

/** How long things take at 1×, in milliseconds. `travel`: the packet comes to the place. `stay`: until the next beat. */
interface Pace {
  readonly travel: number;
  readonly stay: number;
}

const QUICK: Pace = { travel: 320, stay: 620 };

const PACE: Readonly<Record<BeatKind, Pace>> = {
  born: QUICK,
  passed: QUICK,
  matched: { travel: 320, stay: 1300 },
  jump: { travel: 320, stay: 900 },
  return: QUICK,
  conntrack: { travel: 320, stay: 1000 },
  nat: { travel: 320, stay: 2000 },
  route: { travel: 320, stay: 1200 },
  wire: { travel: 700, stay: 1200 },
  loopback: { travel: 700, stay: 1200 },
  bridge: { travel: 320, stay: 900 },
  function: QUICK,
  fragment: { travel: 320, stay: 900 },
  queue: { travel: 320, stay: 900 },
  drop: { travel: 520, stay: 1800 },
  reject: { travel: 320, stay: 1400 },
  deliver: { travel: 320, stay: 1600 },
  error: { travel: 520, stay: 1600 },
  command: { travel: 0, stay: 900 },
  wait: { travel: 0, stay: 900 },
};

export function paceOf(kind: BeatKind): Pace {
  return PACE[kind];
}
