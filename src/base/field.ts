/**
 * One piece of what a tool says of a thing: its name in JSON, its value there, and its words in a line. Without words they are
 * its name, its value and a blank; without a name it stands in lines only, and words of its own are its value.
 */
export type Field = readonly [key: string, value: FieldValue, words?: string];

export type FieldValue = string | number | boolean | null | readonly FieldValue[] | Fields;

/** What is said of a thing within another. */
export interface Fields {
  readonly fields: readonly Field[];
}

/** The line. */
export function fieldsText(fields: readonly Field[]): string {
  return fields.map(([key, value, words = key === '' ? value : `${key} ${value} `]) => words).join('');
}
