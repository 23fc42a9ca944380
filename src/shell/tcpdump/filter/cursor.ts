import type { FilterToken } from './lex';
import { syntaxError, Wrong } from './wrong';

/** A place in the words of a filter. What is no word is noticed when it comes up, not before. */
export class Cursor {
  private at = 0;
  private readonly tokens: readonly FilterToken[];

  constructor(tokens: readonly FilterToken[]) {
    this.tokens = tokens;
  }

  /** The word that comes; the last is the end. */
  get now(): FilterToken {
    const token = this.tokens[this.at]!;
    if (token.kind === 'wrong') throw new Wrong(token.text, token.at);
    return token;
  }
  get ended(): boolean {
    return this.now.kind === 'end';
  }
  /** Is one of these keywords or signs what comes? */
  is(...texts: readonly string[]): boolean {
    const { kind, text } = this.now;
    return (kind === 'keyword' || kind === 'operator') && texts.includes(text);
  }
  isIn(words: Readonly<Record<string, unknown>>): boolean {
    return this.now.kind === 'keyword' && Object.hasOwn(words, this.now.text);
  }
  isKind(...kinds: readonly FilterToken['kind'][]): boolean {
    return kinds.includes(this.now.kind);
  }
  /** Goes on if one of these comes. */
  take(...texts: readonly string[]): boolean {
    if (!this.is(...texts)) return false;
    this.at++;
    return true;
  }
  need(...texts: readonly string[]): void {
    if (!this.take(...texts)) throw this.syntax();
  }
  /** The word that comes, whatever it is. */
  any(): FilterToken {
    const { now } = this;
    this.at++;
    return now;
  }
  /** A word of that kind. */
  word(kind: FilterToken['kind']): FilterToken {
    if (this.now.kind !== kind) throw this.syntax();
    return this.any();
  }
  number(): number {
    return Number(this.word('number').text);
  }
  syntax(): Wrong {
    return syntaxError(this.now.at);
  }
}
