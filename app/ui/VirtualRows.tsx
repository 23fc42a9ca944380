import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import { cx } from './controls';

/**
 * Rows of which only those in view are in the page, each as high as it turns out to be. The nearest element around
 * them with `data-scrolls` scrolls.
 */
export function VirtualRows<T>({
  rows,
  keyOf,
  size,
  overscan = 6,
  gap = 0,
  offset = false,
  at = -1,
  className,
  children,
}: {
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
  /** Pixels that a row has, about. */
  readonly size: number | ((row: T) => number);
  /** Rows beyond the edges that are in the page. */
  readonly overscan?: number;
  readonly gap?: number;
  /** Something above the rows scrolls along with them. */
  readonly offset?: boolean;
  /** The row that is brought into view; -1: none. */
  readonly at?: number;
  readonly className?: string;
  readonly children: (row: T) => ReactNode;
}) {
  const holder = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => holder.current?.closest('[data-scrolls]') ?? null,
    estimateSize: (i) => {
      const row = rows[i];
      return typeof size === 'number' ? size : row === undefined ? 0 : size(row);
    },
    gap,
    overscan,
    scrollMargin: (offset && holder.current?.offsetTop) || 0,
    getItemKey: (i) => {
      const row = rows[i];
      return row === undefined ? i : keyOf(row);
    },
  });
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'center' });
  }, [at, virtual]);
  return (
    <div ref={holder} role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((v) => {
        const row = rows[v.index];
        return row === undefined ? null : (
          <div
            key={v.key}
            ref={virtual.measureElement}
            data-index={v.index}
            role="presentation"
            className={cx('absolute inset-x-0 top-0', className)}
            style={{ transform: `translateY(${v.start - virtual.options.scrollMargin}px)` }}
          >
            {children(row)}
          </div>
        );
      })}
    </div>
  );
}
