import { doubleToUint32 } from '../read/double';
import { double, uint } from '../read/kinds';
import { defineMatch, type Kind, not, option } from '../record';
import { Refusal } from '../refusal';

type StatisticConfig =
  | { readonly mode: 'random'; readonly probability: number; readonly negated: boolean }
  | { readonly mode: 'nth'; readonly every: number; readonly packet: number; readonly negated: boolean };

const mode: Kind<'random' | 'nth'> = {
  name: 'choice',
  values: ['random', 'nth'],
  read: (text) => (text === 'random' || text === 'nth' ? text : new Refusal('bad-value', `Bad mode "${text}"`)),
};

const shareOf = (probability: number): number => doubleToUint32(Math.round(0x8000_0000 * probability));

interface Count {
  count: number;
}

export const statistic = defineMatch({
  name: 'statistic',
  title: 'Some packets',
  help: 'Every n-th packet, or packets at random.',
  sideEffect: true,
  options: {
    mode: option(mode, 'Which packets', { required: true }),
    probability: option(double(0, 1), 'For random: the share of packets, from 0 to 1', {
      negatable: true,
      excludes: ['every', 'packet'],
    }),
    every: option(uint(32, { min: 1 }), 'For nth: one packet out of so many', {
      negatable: true,
      excludes: ['probability'],
      needs: ['packet'],
    }),
    packet: option(uint(32), 'For nth: the packet to begin with, from 0', {
      excludes: ['probability'],
      needs: ['every'],
    }),
  },
  before: ({ mode, probability, every, packet }) => {
    if (mode?.value !== 'nth' && probability === undefined)
      return new Refusal('option-missing', '--probability must be specified when using random mode');
    if (mode?.value === 'nth' && every === undefined && packet === undefined)
      return new Refusal('option-missing', '--every and --packet must be specified when using nth mode');
    // What is last of the share and the count lies in the same place.
    const share = probability !== undefined && probability.order > (every?.order ?? -1);
    const most = share ? shareOf(probability.value) : (every?.value ?? 1) - 1;
    return (packet?.value ?? 0) <= most ? null : new Refusal('bad-value', 'the --packet p must be 0 <= p <= n-1');
  },
  parse: ({ mode, probability, every, packet }): StatisticConfig => {
    if (mode!.value === 'nth') {
      return { mode: 'nth', every: every!.value, packet: packet!.value, negated: every!.negated };
    }
    return { mode: 'random', probability: shareOf(probability!.value), negated: probability!.negated };
  },
  print: (c) =>
    c.mode === 'random'
      ? ` --mode random${not(c.negated)} --probability ${(c.probability / 0x8000_0000).toFixed(11)}`
      : ` --mode nth${not(c.negated)} --every ${c.every} --packet ${c.packet}`,
  list: (c) =>
    c.mode === 'random'
      ? ` statistic mode random${not(c.negated)} probability ${(c.probability / 0x8000_0000).toFixed(11)}`
      : ` statistic mode nth${not(c.negated)} every ${c.every}${c.packet === 0 ? '' : ` packet ${c.packet}`}`,
  // Kernel: statistic_mt(), net/netfilter/xt_statistic.c
  match: (c, action) => {
    if (c.mode === 'random') {
      const drawn = action.env.port.rng.uint32() & 0x7fff_ffff;
      return drawn < c.probability !== c.negated;
    }
    const state = action.keep<Count>(() => ({ count: c.every - 1 - c.packet }));
    state.count = state.count === c.every - 1 ? 0 : state.count + 1;
    return (state.count === 0) !== c.negated;
  },
  stateText: (c, kept) => {
    if (c.mode === 'random') return null;
    const count = (kept as Count | null)?.count ?? c.every - 1 - c.packet;
    return `matches the ${count === c.every - 1 ? 'next packet' : `packet after ${c.every - 1 - count} more`}`;
  },
  because: (c, action) => {
    if (c.mode === 'random') return 'chance decided';
    const { count } = action.keep<Count>(() => ({ count: c.every - 1 - c.packet }));
    return count === 0 ? `it is the one of ${c.every}` : `the one of ${c.every} comes in ${c.every - count}`;
  },
});
