import type { LocalCommand } from '../types';

/** In a line of its own it is `live` that does it; here it is only known by name. */
export const tcpdump: LocalCommand = {
  names: ['tcpdump'],
  help: 'Shows packets at the taps: what comes in before any hook, what goes out behind them',
  run: () => ({ notModelled: 'tcpdump in a step or a pipe' }),
};
