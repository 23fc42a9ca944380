/**
 * What a tracker makes of a packet: `accept`, `invalid` (not part of a flow), `repeat` (the entry is gone, look again).
 * `reason` is a key for the explanation: why it is invalid, or why an accepted packet changed nothing.
 */
export interface TrackerAnswer {
  readonly verdict: 'accept' | 'invalid' | 'repeat';
  readonly reason?: string;
}

export const ACCEPT: TrackerAnswer = Object.freeze({ verdict: 'accept' });
export const REPEAT: TrackerAnswer = Object.freeze({ verdict: 'repeat' });

/** The packet belongs to no flow: INVALID. `reason` is said in the event. */
export function invalid(reason: string): TrackerAnswer {
  return { verdict: 'invalid', reason };
}

/** The packet passes with its flow, which stays as it is. */
export function ignored(reason: string): TrackerAnswer {
  return { verdict: 'accept', reason };
}
