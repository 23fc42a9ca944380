import type { Lab } from '../lab';

/** Characters of rules above which a run takes too long to be repeated, or to be waited for. */
const LONG_RULES = 100_000;

/** Whether a run is a matter of milliseconds, as far as its rules tell. */
export function isShort({ hosts }: Lab): boolean {
  const rules = Object.values(hosts).reduce((n, h) => n + (h.iptables?.length ?? 0) + (h.ip6tables?.length ?? 0), 0);
  return rules < LONG_RULES;
}

/**
 * Runs labs over and over, in slices: code that has run often runs fast. `begin`: the runs, as often as they are wanted;
 * `work` milliseconds in all; `later` begins a slice and says how many milliseconds it may take, 0 to end it all; `now` is
 * a clock. `done`: the work is over, and was not ended before.
 */
export function warmUp(
  begin: () => Iterator<void, unknown>,
  work: number,
  now: () => number,
  later: (slice: (milliseconds: number) => void) => void,
  done: () => void = () => undefined,
): void {
  let left = work;
  let runs = begin();
  const slice = (milliseconds: number): void => {
    if (milliseconds <= 0) return;
    if (left <= 0) {
      done();
      return;
    }
    const start = now();
    try {
      while (now() < start + milliseconds) {
        if (runs.next().done) runs = begin();
      }
    } catch {
      return; // a part that has not been loaded: it will be when it is asked for
    }
    left -= now() - start;
    later(slice);
  };
  later(slice);
}
