import type { ReactNode } from 'react';
import { VirtualRows } from '../ui';

/** Lists up to this length are in the page as a whole. */
const SHORT = 40;

/** Rows of a list; of a long one, only those in view are in the page. */
export function VirtualList<T>({
  rows,
  keyOf,
  size,
  children,
}: {
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
  /** Pixels that a row has, about. */
  readonly size: number;
  readonly children: (row: T) => ReactNode;
}) {
  if (rows.length > SHORT) {
    return (
      <VirtualRows rows={rows} keyOf={keyOf} size={size} gap={8} offset>
        {children}
      </VirtualRows>
    );
  }
  return (
    <div className="flex flex-col gap-2">
      {rows.map((row) => (
        <div key={keyOf(row)}>{children(row)}</div>
      ))}
    </div>
  );
}
