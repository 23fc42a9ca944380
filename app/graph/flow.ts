import type { MouseEvent } from 'react';
import type { Box, Point } from './geometry';

/** React Flow draws and moves the canvas, and nothing else: what can be selected, connected and typed is ours. */
export const drawingOnly = {
  edges: [] as never[],
  minZoom: 0.3,
  maxZoom: 2,
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  edgesFocusable: false,
  elementsSelectable: false,
  disableKeyboardA11y: true,
  deleteKeyCode: null,
  selectionKeyCode: null,
  multiSelectionKeyCode: null,
  panActivationKeyCode: null,
  zoomActivationKeyCode: null,
  zoomOnDoubleClick: false,
  proOptions: { hideAttribution: true },
};

/** A node that stays where the layout puts it. */
export function nodeAt<T extends string, const D extends object>(id: string, type: T, { x, y, w, h }: Box, data: D) {
  return {
    id,
    type,
    position: { x, y },
    width: w,
    height: h,
    data,
    draggable: false,
    selectable: false,
    connectable: false,
    focusable: false,
    // React Flow takes the pointer away from nodes that it has nothing to do with.
    style: { pointerEvents: 'all' as const },
  };
}

/** A click on a box picks it, wherever it is not on a button of its own; who comes by keys has the button of its name. */
export const onBox =
  (pick: () => void) =>
  ({ target }: MouseEvent): void => {
    if (target instanceof Element && target.closest('button') === null) pick();
  };

/** A square around a point. */
export const around = ([x, y]: Point, size: number): Box => ({ x: x - size / 2, y: y - size / 2, w: size, h: size });
