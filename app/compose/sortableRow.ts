import { type CSSProperties, createContext } from 'react';

/** What a row needs to be dragged; null while dragging is not loaded. */
interface SortableRow {
  readonly ref: (row: HTMLElement | null) => void;
  readonly listeners: Readonly<Record<string, unknown>> | undefined;
  readonly style: CSSProperties;
}

export const SortableRowContext = createContext<SortableRow | null>(null);
