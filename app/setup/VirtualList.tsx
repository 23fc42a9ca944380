import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';

/** Lists up to this length are in the page as a whole. */
const SHORT = 40;
const GAP = 8;

/** Rows of a list; of a long one, only those in view are in the page. What they lie in scrolls. */
export function VirtualList<T>({
  rows,
  keyOf,
  size,
  scroller,
  children,
}: {
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
  /** Pixels that a row has, about. */
  readonly size: number;
  readonly scroller: React.RefObject<HTMLElement | null>;
  readonly children: (row: T) => ReactNode;
}) {
  const long = rows.length > SHORT;
  const list = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: long ? rows.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => size,
    gap: GAP,
    overscan: 6,
    scrollMargin: list.current?.offsetTop ?? 0,
    getItemKey: (i) => {
      const row = rows[i];
      return row === undefined ? i : keyOf(row);
    },
  });
  if (!long) {
    return (
      <div className="flex flex-col gap-2">
        {rows.map((row) => (
          <div key={keyOf(row)}>{children(row)}</div>
        ))}
      </div>
    );
  }
  return (
    <div ref={list} className="relative" style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((v) => {
        const row = rows[v.index];
        return row === undefined ? null : (
          <div
            key={v.key}
            ref={virtual.measureElement}
            data-index={v.index}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${v.start - virtual.options.scrollMargin}px)` }}
          >
            {children(row)}
          </div>
        );
      })}
    </div>
  );
}
