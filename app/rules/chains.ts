/** A chain in an iptables-save text, and the line where it is to be found: its first rule, else where it is declared. */
export interface ChainPlace {
  readonly table: string;
  readonly chain: string;
  readonly line: number;
}

export function chainsOf(text: string): readonly ChainPlace[] {
  const found = new Map<string, { table: string; chain: string; line: number; ruled: boolean }>();
  let table = '';
  text.split('\n').forEach((line, i) => {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const declared = /^:(\S+)/.exec(line)?.[1];
    const ruled = /^(?:\[\d+:\d+\]\s*)?-A\s+(\S+)/.exec(line)?.[1];
    const chain = declared ?? ruled;
    if (chain === undefined) return;
    const known = found.get(`${table}/${chain}`);
    if (known === undefined) found.set(`${table}/${chain}`, { table, chain, line: i + 1, ruled: ruled !== undefined });
    else if (ruled !== undefined && !known.ruled) {
      known.line = i + 1;
      known.ruled = true;
    }
  });
  return [...found.values()].map(({ table: t, chain, line }) => ({ table: t, chain, line }));
}

export function lineOfChain(text: string, table: string, chain: string): number | null {
  return chainsOf(text).find((c) => c.table === table && c.chain === chain)?.line ?? null;
}

/** The one stretch in which two texts differ, so that cursor and marks outside of it stay; null if they are equal. */
export function changeBetween(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly insert: string } | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from++;
  let end = 0;
  while (end < most - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}
