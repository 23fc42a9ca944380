/** A number as typed (also hexadecimal); what is none goes to the schema as it is, which says what is wanted. */
export function typedNumber(text: string): number {
  return numberOr(text, /^(-?\d+|0x[\da-f]+)$/i);
}

/** The same where only digits make a number. */
export function typedCount(text: string): number {
  return numberOr(text, /^\d+$/);
}

const numberOr = (text: string, number: RegExp): number =>
  number.test(text) ? Number(text) : (text as unknown as number);

/** For a field that takes any text: what is typed is kept, and nothing is wrong with it. */
export const keep =
  (set: (text: string) => void) =>
  (text: string): null => {
    set(text);
    return null;
  };
