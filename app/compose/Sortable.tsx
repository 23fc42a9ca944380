import { DndContext, type DragEndEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import { SortableContext, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { Children, type CSSProperties, isValidElement, type ReactElement, type ReactNode } from 'react';
import { SortableRowContext } from './sortableRow';

/** Rows that are put in order with the pointer. By keys they move with Alt+↑/↓, which the rows see to. */
export function Sortable({
  ids,
  onMove,
  children,
}: {
  readonly ids: readonly string[];
  readonly onMove: (from: number, to: number) => void;
  readonly children: ReactNode;
}) {
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }));
  const end = ({ active, over }: DragEndEvent): void => {
    if (over === null || active.id === over.id) return;
    onMove(ids.indexOf(String(active.id)), ids.indexOf(String(over.id)));
  };
  return (
    <DndContext sensors={sensors} onDragEnd={end} accessibility={{ container: document.body }}>
      <SortableContext items={[...ids]} strategy={verticalListSortingStrategy}>
        {Children.map(children, (child, i) =>
          isValidElement(child) ? (
            <Item key={ids[i]} id={ids[i] ?? ''}>
              {child}
            </Item>
          ) : null,
        )}
      </SortableContext>
    </DndContext>
  );
}

/** Gives the row what it needs; the row itself stays the child of its list. */
function Item({ id, children }: { readonly id: string; readonly children: ReactElement }) {
  const { setNodeRef, listeners, transform, transition, isDragging } = useSortable({ id });
  const style: CSSProperties = {
    transform: CSS.Translate.toString(transform),
    transition,
    ...(isDragging ? { zIndex: 10, opacity: 0.9 } : {}),
  };
  return <SortableRowContext value={{ ref: setNodeRef, listeners, style }}>{children}</SortableRowContext>;
}
