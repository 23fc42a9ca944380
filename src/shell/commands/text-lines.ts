/** A text as its lines, and back. */

export function lines(text: string): string[] {
  const all = text.split('\n');
  if (all[all.length - 1] === '') all.pop();
  return all;
}

export function joined(list: readonly string[]): string {
  return list.map((line) => `${line}\n`).join('');
}
