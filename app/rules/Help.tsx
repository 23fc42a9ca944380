import { Fragment } from 'react';

/** Help from the catalogue: what stands between backticks is typed as it is. */
export function Help({ text }: { readonly text: string }) {
  return text.split('`').map((piece, i) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text stay in their order
    if (i % 2 === 0) return <Fragment key={i}>{piece}</Fragment>;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text stay in their order
      <code key={i} className="mono text-[0.94em] text-t1">
        {piece}
      </code>
    );
  });
}
