export const SYNTAX = "can't parse filter expression: syntax error";

/** Why a filter is none: the words of tcpdump, and where in the text. */
export class Wrong extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

export function syntaxError(at: number): Wrong {
  return new Wrong(SYNTAX, at);
}
