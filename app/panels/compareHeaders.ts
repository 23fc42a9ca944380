import { type HeaderField, headerFields } from './headers';

/** A field of two states of a packet. */
export interface FieldPair {
  readonly layer: string;
  readonly name: string;
  readonly note: string;
  /** null where the packet has no such field. */
  readonly before: string | null;
  readonly after: string | null;
  readonly changed: boolean;
}

/** Fields that change with any other: worth showing, not worth pointing at. */
const FOLLOWS = new Set(['checksum']);

/** Two states of a packet side by side; of one alone, if nothing was before. What has changed comes first in its layer. */
export function compareHeaders(before: Uint8Array | null, after: Uint8Array): readonly FieldPair[] {
  const now = headerFields(after);
  const then = before === null ? now : headerFields(before);
  const key = (f: HeaderField): string => `${f.layer}/${f.name}`;
  const old = new Map(then.map((f) => [key(f), f]));
  const pairs = now.map((f): FieldPair => {
    const was = old.get(key(f));
    old.delete(key(f));
    return {
      layer: f.layer,
      name: f.name,
      note: f.note,
      before: was?.value ?? null,
      after: f.value,
      changed: was?.value !== f.value,
    };
  });
  for (const f of old.values()) {
    pairs.push({ layer: f.layer, name: f.name, note: f.note, before: f.value, after: null, changed: true });
  }
  const layers = [...new Set(pairs.map((p) => p.layer))];
  const weight = (p: FieldPair): number => (p.changed ? (FOLLOWS.has(p.name) ? 1 : 0) : 2);
  return layers.flatMap((layer) => pairs.filter((p) => p.layer === layer).toSorted((a, b) => weight(a) - weight(b)));
}
