import { DndContext, type DragEndEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import { SortableContext, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { Children, cloneElement, isValidElement, type ReactElement, type ReactNode } from 'react';

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
    <DndContext sensors={sensors} onDragEnd={end}>
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

function Item({ id, children }: { readonly id: string; readonly children: ReactElement }) {
  const { setNodeRef, listeners, transform, transition, isDragging } = useSortable({ id });
  return (
    <div
      ref={setNodeRef}
      role="presentation"
      {...listeners}
      className={isDragging ? 'relative z-10 opacity-90 shadow-lift' : ''}
      style={{ transform: CSS.Translate.toString(transform), transition, touchAction: 'manipulation' }}
    >
      {cloneElement(children)}
    </div>
  );
}
