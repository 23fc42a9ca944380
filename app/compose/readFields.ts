import { type Draft, type Field, fieldsOf, type Problems } from './draft';
import { type Payload, payloadOfText } from './payloadText';

/** The fields of a draft as values. What is wrong with a field is noted once, in the first words that are found. */
export interface ReadFields {
  readonly problems: Problems;
  readonly bad: (field: Field, sentence: string) => void;
  /** Whether the draft has the field, or only a value left from when it had. */
  readonly shown: (field: Field) => boolean;
  /** A whole number; undefined if nothing is written. `what`: how the sentence calls it. */
  readonly whole: (field: Field, low: number, high: number, what: string) => number | undefined;
  /** What is to be sent: a text, or one that is repeated up to a length; undefined if nothing is written. */
  readonly payload: () => Payload | undefined;
}

/** Begins to read a draft; nothing is wrong with it yet. */
export function readFields(draft: Draft): ReadFields {
  const problems: { -readonly [F in Field]?: string } = {};
  const bad = (field: Field, sentence: string): void => {
    problems[field] ??= sentence;
  };
  const fields = new Set(fieldsOf(draft));
  const shown = (field: Field): boolean => fields.has(field);
  return {
    problems,
    bad,
    shown,
    whole: (field, low, high, what) => {
      const text = String(draft[field]).trim();
      if (!shown(field) || text === '') return undefined;
      const value = /^(?:0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
      if (Number.isNaN(value) || value < low || value > high)
        bad(field, `${what} is a whole number from ${low} to ${high}.`);
      return value;
    },
    payload: () => {
      const read = shown('payload') ? payloadOfText(draft.payload) : '';
      if (typeof read === 'object' && 'problem' in read) {
        bad('payload', read.problem);
        return undefined;
      }
      return read === '' ? undefined : read;
    },
  };
}
