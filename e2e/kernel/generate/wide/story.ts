import type { Random } from '../random';

/** A few packets that belong together, between two ends of one family. */
export interface Story {
  readonly family: 4 | 6;
  /** The addresses that the first packet has. */
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  /** Somebody's own stack may answer: odd segments to it would ask for all of TCP. */
  readonly listens: boolean;
  /** Puts a packet from the one end to the other, with the odd header fields that the story has. */
  there(body: object): void;
  /** The same without those. */
  plain(body: object): void;
  /** An answer: to the first end, or to an address that it may have been translated to. */
  back(body: object): void;
}

export type Teller = (r: Random, story: Story) => void;

export const text = (r: Random) =>
  r.weighted<Record<string, unknown>>([
    [5, {}],
    [5, { payload: 'hello' }],
    [1, { payload: 'say HELLO world' }],
    [2, { payload: { repeat: 'x', count: r.pick([100, 600, 1250, 1350, 1444]) } }],
  ]);

export const icmpName = (family: 4 | 6) => (family === 6 ? 'icmpv6' : 'icmp');
export const echo = (family: 4 | 6, request: boolean) => (family === 6 ? (request ? 128 : 129) : request ? 8 : 0);
