/** The stem with the first number that is free: `eth0`. */
export function numberedName(stem: string, taken: Iterable<string>, from = 0): string {
  const all = new Set(taken);
  for (let i = from; ; i++) if (!all.has(`${stem}${i}`)) return `${stem}${i}`;
}

/** The name if it is free, else with a number: `host`, then `host-2`. */
export function freeName(name: string, taken: readonly string[], joint = ''): string {
  return taken.includes(name) ? numberedName(`${name}${joint}`, taken, 2) : name;
}
