import type { Host } from '../../host';

/** A word that may stand here, and what it is. */
export interface Offer {
  readonly text: string;
  readonly help: string;
}

/** Where the cursor stands in a command. */
export interface Place {
  readonly host: Host;
  /** Name of the command. */
  readonly name: string;
  /** Whole words before the one under the cursor, without the name. */
  readonly words: readonly string[];
  /** The word before, '' if there is none. */
  readonly prev: string;
  /** What stands already of the word. */
  readonly word: string;
}

export type Completer = (place: Place) => readonly Offer[];

/** `name help` lines as offers; a line's first word is the text. */
export function offers(lines: string): readonly Offer[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [text = '', ...rest] = line.trim().split(/\s+/);
      return { text, help: rest.join(' ') };
    });
}
