/** The line of a text whose form is open: form and text have one selection. */
export interface Picked {
  readonly line: number | null;
  readonly set: (line: number | null) => void;
}
