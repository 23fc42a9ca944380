import type { Random } from '../random';
import type { DraftHost, Party } from '../topology';

/** What the makers of rules, packets and commands know of the lab. */
export interface Wide {
  readonly hosts: Record<string, DraftHost>;
  readonly subject: string;
  /** Of both families, or of one. */
  readonly families: readonly (4 | 6)[];
  readonly parties: Readonly<Record<4 | 6, readonly Party[]>>;
  /** Addresses of the subject. */
  readonly own: Readonly<Record<4 | 6, readonly string[]>>;
  /** Addresses that nobody answers for, or that are special. */
  readonly odd: Readonly<Record<4 | 6, readonly string[]>>;
  /** Sets by name, with the number of `src` and `dst` that a rule names. */
  readonly sets: Readonly<Record<4 | 6, readonly { readonly name: string; readonly dims: number }[]>>;
  readonly bridged: boolean;
}

export const not = (r: Random) => (r.chance(15) ? '! ' : '');
export const everyAddress = (w: Wide, family: 4 | 6) => [...w.parties[family].map((p) => p.address), ...w.own[family]];
export const ports = [53, 80, 4000, 4001, 5000, 21, 69] as const;
