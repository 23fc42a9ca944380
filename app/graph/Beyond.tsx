import { type ReactFlowState, useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { useView } from '../store';
import { Chip, counted } from '../ui';
import type { Box } from './geometry';

const SIDES = ['above', 'below', 'to the left', 'to the right'] as const;
type Side = (typeof SIDES)[number];
const ARROWS: Readonly<Record<Side, string>> = { above: '↑', below: '↓', 'to the left': '←', 'to the right': '→' };

interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

/** On which side of the view the middle of a box lies; null if it is in view. */
export function sideOf(box: Box, { x, y, zoom, width, height }: View): Side | null {
  const at = { x: (box.x + box.w / 2) * zoom + x, y: (box.y + box.h / 2) * zoom + y };
  if (at.y > height) return 'below';
  if (at.y < 0) return 'above';
  if (at.x > width) return 'to the right';
  return at.x < 0 ? 'to the left' : null;
}

const viewOf = ({ transform: [x, y, zoom], width, height }: ReactFlowState): View => ({ x, y, zoom, width, height });

/** Says how many hosts are out of view, and leads to them. */
export function Beyond({ boxes, onGo }: { readonly boxes: readonly Box[]; readonly onGo: () => void }) {
  const flow = useReactFlow();
  const state = useStoreApi();
  const counts = useStore((s) => {
    if (s.width === 0) return '';
    const view = viewOf(s);
    const all = boxes.map((box) => sideOf(box, view));
    return SIDES.map((side) => all.filter((s) => s === side).length).join(' ');
  });
  // While the network is edited, its hosts are listed beside it.
  const listed = useView((s) => s.networkEdit !== null);
  if (listed) return null;
  const number = counts.split(' ').map(Number);
  const go = (side: Side): void => {
    const view = viewOf(state.getState());
    const first = boxes.find((box) => sideOf(box, view) === side);
    if (first === undefined) return;
    onGo();
    void flow.setCenter(first.x + first.w / 2, first.y + first.h / 2, { zoom: view.zoom, duration: 200 });
  };
  return (
    <div
      className="absolute bottom-4 left-4 z-5 flex flex-wrap gap-2 empty:hidden max-md:bottom-10"
      data-testid="beyond"
    >
      {SIDES.map(
        (side, i) =>
          (number[i] ?? 0) > 0 && (
            <Chip key={side} className="bg-panel" onClick={() => go(side)}>
              {ARROWS[side]} {counted(number[i] ?? 0, 'host')} {side}
            </Chip>
          ),
      )}
    </div>
  );
}
