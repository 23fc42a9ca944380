import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { RuleRow } from './ruleRows';

/** Rows of which only those in view are in the page. The section around them scrolls. */
export function VirtualRows({
  rows,
  item,
}: {
  readonly rows: readonly RuleRow[];
  readonly item: (row: RuleRow) => React.ReactNode;
}) {
  const holder = useRef<HTMLLIElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => holder.current?.closest('section') ?? null,
    estimateSize: (i) => (rows[i]?.kind === 'fold' ? 38 : 92),
    gap: 8,
    overscan: 6,
    getItemKey: (i) => {
      const row = rows[i];
      return row === undefined ? i : row.kind === 'fold' ? `fold-${row.from}` : row.rule.number;
    },
  });
  const matched = rows.findIndex((row) => row.kind === 'rule' && row.rule.outcome === 'matched');
  useEffect(() => {
    if (matched > 0) virtual.scrollToIndex(matched, { align: 'center' });
  }, [matched, virtual]);
  return (
    <li ref={holder} className="relative flex-none" style={{ height: virtual.getTotalSize() }}>
      <ol className="m-0 list-none p-0">
        {virtual.getVirtualItems().map((v) => {
          const row = rows[v.index];
          return (
            <div
              key={v.key}
              ref={virtual.measureElement}
              data-index={v.index}
              role="presentation"
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${v.start}px)` }}
            >
              {row === undefined ? null : item(row)}
            </div>
          );
        })}
      </ol>
    </li>
  );
}
