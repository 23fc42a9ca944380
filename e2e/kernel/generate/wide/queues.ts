import type { Random } from '../random';
import type { DraftQueue } from '../topology';
import { everyAddress, type Wide } from './context';

/** Programs behind queues. None sends a packet to itself or to an earlier one, so each comes to an end. */
export function makeQueues(r: Random, w: Wide): DraftQueue[] {
  const address = () => r.pick(everyAddress(w, r.pick(w.families)));
  const match = () =>
    r.pick([
      {},
      { match: `-p ${r.pick(['udp', 'tcp'])}` },
      { match: `-s ${address()}` },
      { match: `-d ${address()}` },
      { match: '-p udp -m udp --dport 53' },
      { match: '-m mark --mark 0' },
      { match: `-p tcp -m tcp ! --dport ${r.pick([80, 5000])}` },
    ]);
  const mark = () => (r.chance(30) ? { mark: r.pick([1, 2, 16]) } : {});
  const set = () =>
    r.chance(45)
      ? {
          set: r.pick([
            { ttl: 9 },
            { tos: 16 },
            { payload: 'changed' },
            { dport: 53 },
            { ttl: 1 },
            { sport: 4001, tos: 8 },
          ]),
        }
      : {};
  const rule = (number: number): DraftQueue['rules'][number] =>
    r.weighted<() => DraftQueue['rules'][number]>([
      [6, () => ({ ...match(), verdict: 'accept', ...set(), ...mark() })],
      [2, () => ({ ...match(), verdict: 'drop' })],
      [2, () => ({ match: '-m mark --mark 0', verdict: 'repeat', mark: 1, ...set() })],
      [1, () => ({ match: '-m mark --mark 0', verdict: { queue: number + 1 }, mark: 2 })],
    ])();
  return [1, 2, 3].slice(0, 1 + r.int(3)).map((number) => ({
    number,
    rules: Array.from({ length: r.int(3) }, () => rule(number)),
    ...(r.chance(15) ? { otherwise: 'drop' as const } : {}),
  }));
}
