import type { RecordedEntry } from './recording';

const PAIRS = [
  ['sport', 'dport'],
  ['dport', 'sport'],
  ['id', 'id'],
] as const;

/**
 * Names for what NAT chose at random: a port or ICMP id of a reply that is not the original's, and that no number in the
 * lab equals. No two runs share it, so a recording has "random1", "random2" … in the order in which entries had them.
 */
export class RandomNames {
  private readonly numbers: ReadonlySet<string>;
  private readonly names = new Map<number, string>();

  constructor(labText: string) {
    this.numbers = new Set(labText.match(/\d+/g) ?? []);
  }

  note(entry: RecordedEntry): void {
    for (const [a, b] of PAIRS) {
      const [original, reply] = [entry.original[a], entry.reply[b]];
      if (original === undefined || typeof reply !== 'number' || reply === original) continue;
      if (this.numbers.has(String(reply)) || this.names.has(reply)) continue;
      this.names.set(reply, `random${this.names.size + 1}`);
    }
  }

  /** The value with every such port and id replaced by its name, wherever one stands. */
  rename<T>(value: T): T {
    return this.names.size === 0 ? value : (this.renamed(value) as T);
  }

  private renamed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.renamed(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.member(key, item)]));
  }

  private member(key: string, item: unknown): unknown {
    if (typeof item !== 'number') return this.renamed(item);
    return key === 'sport' || key === 'dport' || key === 'id' ? (this.names.get(item) ?? item) : item;
  }
}
