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
  list = false,
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
  /** The rows are items of a list, and told as such: how many there are, and which is the one in the page. */
  readonly list?: boolean;
  readonly className?: string;
  readonly children: (row: T) => ReactNode;
}) {
  const holder = useRef<HTMLElement>(null);
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
  const Holder = list ? 'ol' : 'div';
  const Row = list ? 'li' : 'div';
  return (
    <Holder
      ref={(e: HTMLElement | null) => {
        holder.current = e;
      }}
      {...(list ? {} : { role: 'presentation' })}
      className="relative m-0 list-none p-0"
      style={{ height: virtual.getTotalSize() }}
    >
      {virtual.getVirtualItems().map((v) => {
        const row = rows[v.index];
        return row === undefined ? null : (
          <Row
            key={v.key}
            ref={virtual.measureElement}
            data-index={v.index}
            {...(list ? { 'aria-setsize': rows.length, 'aria-posinset': v.index + 1 } : { role: 'presentation' })}
            className={cx('absolute inset-x-0 top-0', className)}
            style={{ transform: `translateY(${v.start - virtual.options.scrollMargin}px)` }}
          >
            {children(row)}
          </Row>
        );
      })}
    </Holder>
  );
}
