/** A name that is cut in its middle where it has no room: names of one family differ at their ends. */
export function Middle({ name, end }: { readonly name: string; readonly end: number }) {
  if (end === 0 || name.length < end + 5) return <span className="min-w-0 truncate">{name}</span>;
  return (
    <>
      <span className="min-w-0 truncate">{name.slice(0, -end)}</span>
      <span className="flex-none">{name.slice(-end)}</span>
    </>
  );
}

/** A name of so many letters has room in a card. */
const FITS = 14;

/**
 * Names of chains for a card of a hook. One that is too long goes without the name of the hook at its end, and without the
 * words that all that are too long begin with: the first of them, or, where that is not enough, all.
 */
export function shortNames(names: readonly string[], hook: string): readonly string[] {
  const [first = '', ...others] = names.filter((name) => name.length > FITS);
  let same = others.length === 0 ? 0 : first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, same))) same--;
  const shared = first.lastIndexOf('-', same - 1) + 1;
  const family = Math.min(shared, first.indexOf('-') + 1);
  const tail = `-${hook.toLowerCase()}`;
  return names.map((name) => {
    if (name.length <= FITS) return name;
    const end = name.endsWith(tail) && name.length > shared + tail.length ? tail.length : 0;
    const from = name.length - end - family > FITS ? shared : family;
    return `${from > 0 ? '…' : ''}${name.slice(from, name.length - end)}${end > 0 ? '…' : ''}`;
  });
}
