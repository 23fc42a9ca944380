const PAGE = 32;

type Page<T> = readonly (T | undefined)[];

/**
 * A sparse array that is cheap to copy: it is kept in frozen pages, which a copy shares, and a change replaces one page.
 * Its values must be frozen, too.
 */
export class Paged<T> {
  private readonly pages: (Page<T> | undefined)[] = [];

  get(index: number): T | undefined {
    return this.pages[index >>> 5]?.[index & (PAGE - 1)];
  }

  set(index: number, value: T | undefined): void {
    const at = index >>> 5;
    const old = this.pages[at];
    const page: (T | undefined)[] = old ? old.slice() : new Array(PAGE).fill(undefined);
    page[index & (PAGE - 1)] = value;
    while (this.pages.length < at) this.pages.push(undefined);
    this.pages[at] = value === undefined && page.every((v) => v === undefined) ? undefined : Object.freeze(page);
  }

  clear(): void {
    this.pages.length = 0;
  }

  /** Index and value of all that is there, in order. */
  *entries(): Generator<readonly [index: number, value: T]> {
    for (let p = 0; p < this.pages.length; p++) {
      const page = this.pages[p];
      if (!page) continue;
      for (let i = 0; i < PAGE; i++) {
        const value = page[i];
        if (value !== undefined) yield [p * PAGE + i, value];
      }
    }
  }
}
