import type { Host } from './host';

/**
 * Milliseconds as a recording has them: the clock stands still in a step, but a recorder takes some 65 ms for each. The
 * stack measures the round trip of a handshake by them.
 */
export function elapsed(host: Host): number {
  return host.now() / 1000 + 65 * (host.world.step ?? 0);
}
