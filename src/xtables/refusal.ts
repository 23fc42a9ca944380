/** Why a tool does not take a piece of text. Not an exception: it is handed back by whatever reads. */
export class Refusal {
  /** A stable name of the kind of mistake. */
  readonly code: string;
  /** The tool's own words, without its name in front. */
  readonly message: string;
  readonly exit: number;
  /** A text that would mend the marked word. */
  readonly suggestion: string | undefined;
  /** The protocol that is missing before what is to blame: its -p would mend it. */
  readonly protocol: string | undefined;
  /** The tool says only this, without its name and version in front. */
  readonly bare: boolean;
  constructor(
    code: string,
    message: string,
    more: {
      readonly exit?: number;
      readonly suggestion?: string | undefined;
      readonly protocol?: string | undefined;
      readonly bare?: boolean;
    } = {},
  ) {
    this.code = code;
    this.message = message;
    this.exit = more.exit ?? 2;
    this.suggestion = more.suggestion;
    this.protocol = more.protocol;
    this.bare = more.bare ?? false;
  }
}

/** A value, or why there is none. */
export type Read<T> = T | Refusal;
