/** `bits 0, 4–7`; '' for 0. */
export function bitsText(value: number): string {
  const set = Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => (value >>> bit) & 1);
  const runs: [number, number][] = [];
  for (const bit of set) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === bit - 1) last[1] = bit;
    else runs.push([bit, bit]);
  }
  if (runs.length === 0) return '';
  const list = runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
  return `${set.length === 1 ? 'bit' : 'bits'} ${list}`;
}
