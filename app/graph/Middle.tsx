/** A name that is cut in its middle where it has no room: names of one family differ at their ends. */
export function Middle({ name, end }: { readonly name: string; readonly end: number }) {
  if (name.length < end + 5) return <span className="min-w-0 truncate">{name}</span>;
  return (
    <>
      <span className="min-w-0 truncate">{name.slice(0, -end)}</span>
      <span className="flex-none">{name.slice(-end)}</span>
    </>
  );
}
