import type { FilterToken } from './lex';
import { syntaxError, type Wrong } from './wrong';

/** A place in the words of a filter. */
export class Cursor {
  at = 0;
  private readonly tokens: readonly FilterToken[];

  constructor(tokens: readonly FilterToken[]) {
    this.tokens = tokens;
  }

  /** The word that comes; the last is the end. */
  get now(): FilterToken {
    return this.tokens[this.at]!;
  }
  get ended(): boolean {
    return this.now.kind === 'end';
  }
  get next(): FilterToken | undefined {
    return this.tokens[this.at + 1];
  }
  is(...texts: readonly string[]): boolean {
    return this.now.kind !== 'end' && texts.includes(this.now.text);
  }
  /** Goes on if one of these comes. */
  take(...texts: readonly string[]): boolean {
    if (!this.is(...texts)) return false;
    this.at++;
    return true;
  }
  /** The word that comes, whatever it is. */
  any(): FilterToken {
    return this.tokens[this.at++]!;
  }
  number(): number {
    if (this.now.kind !== 'number') throw this.syntax();
    return Number(this.any().text) >>> 0;
  }
  syntax(): Wrong {
    return syntaxError(this.now.at);
  }
}
