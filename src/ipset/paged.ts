const PAGE = 32;

type Page<T> = (T | undefined)[];

/**
 * A sparse array that is cheap to copy: it is kept in pages; those that are sealed are frozen, so that a copy shares
 * them, and a change replaces them. Its values must be frozen, too.
 */
export class Paged<T> {
  private readonly pages: (Readonly<Page<T>> | undefined)[] = [];
  /** Pages that are not frozen. */
  private readonly open = new Map<number, Page<T>>();

  get(index: number): T | undefined {
    return this.pages[index >>> 5]?.[index & (PAGE - 1)];
  }

  set(index: number, value: T | undefined): void {
    const at = index >>> 5;
    let page = this.open.get(at);
    if (page === undefined) {
      const old = this.pages[at];
      if (old === undefined && value === undefined) return;
      page = old ? old.slice() : new Array<T | undefined>(PAGE).fill(undefined);
      while (this.pages.length < at) this.pages.push(undefined);
      this.pages[at] = page;
      this.open.set(at, page);
    }
    page[index & (PAGE - 1)] = value;
  }

  /** From now on copies share what is here. */
  seal(): void {
    for (const [at, page] of this.open) {
      this.pages[at] = page.every((value) => value === undefined) ? undefined : Object.freeze(page);
    }
    this.open.clear();
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
