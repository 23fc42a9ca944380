import type { EventOf } from '../model';
import type { Packet } from '../wire';

/** A sentence in pieces: plain words, and what is set in the mono face, with its role. */
export interface SentencePart {
  readonly text: string;
  readonly role: 'plain' | 'strong' | 'code' | 'changed';
}

export type Params = Readonly<Record<string, string | number>>;

/** `{ key, params }` of a sentence; rendered by `renderSentence` with the English catalogue. */
export interface Explanation {
  readonly key: string;
  readonly params: Params;
  /** Where the cause is written, if a line of a host's text is it. */
  readonly link: { readonly host: string; readonly member: string; readonly line: number } | null;
}

export type RuleEvent = EventOf<'rule'>;

/** What an explanation may look at beside the event itself. */
export interface ExplainContext {
  /** The packet as it stood at the event. */
  readonly packet: Packet | null;
  /** The line of the host's text that the rule of a `rule` event came from, as the ruleset was then; 0 if none. */
  readonly lineOf: (event: RuleEvent) => number;
  /** The rule that the packet met last within the same hook function. */
  readonly lastRule: RuleEvent | null;
  /** Name of the host that owns an address, '' if none of the lab does. */
  readonly ownerOf: (address: string) => string;
}
