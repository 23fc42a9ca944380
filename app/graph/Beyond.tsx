import { type ReactFlowState, useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { useView } from '../store';
import { Chip, counted, cx } from '../ui';
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

/** The middle of all of them, or of the first where not all have room. */
function middle(spans: readonly (readonly [from: number, to: number])[], room: number): number {
  const [first] = spans;
  const from = Math.min(...spans.map((span) => span[0]));
  const to = Math.max(...spans.map((span) => span[1]));
  return first === undefined || to - from <= room ? (from + to) / 2 : (first[0] + first[1]) / 2;
}

const viewOf = ({ transform: [x, y, zoom], width, height }: ReactFlowState): View => ({ x, y, zoom, width, height });

/** Says how many hosts are out of view, and leads to them. */
export function Beyond({
  boxes,
  barred,
  onGo,
}: {
  readonly boxes: readonly Box[];
  /** In a bar beside the buttons of the camera, else in a corner of the graph. */
  readonly barred: boolean;
  readonly onGo: () => void;
}) {
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
    const wanted = boxes.filter((box) => sideOf(box, view) === side);
    if (wanted.length === 0) return;
    onGo();
    const { zoom } = view;
    const x = middle(
      wanted.map((box) => [box.x, box.x + box.w]),
      view.width / zoom,
    );
    const y = middle(
      wanted.map((box) => [box.y, box.y + box.h]),
      view.height / zoom,
    );
    void flow.setCenter(x, y, { zoom, duration: 200 });
  };
  return (
    <div
      className={cx('flex flex-wrap gap-2 empty:hidden', !barred && 'absolute bottom-4 left-4 z-5 max-md:bottom-10')}
      data-testid="beyond"
    >
      {SIDES.map(
        (side, i) =>
          (number[i] ?? 0) > 0 && (
            <Chip key={side} className="bg-panel" onClick={() => go(side)}>
              {ARROWS[side]} {counted(number[i] ?? 0, 'host')} <span className="max-md:sr-only">{side}</span>
            </Chip>
          ),
      )}
    </div>
  );
}
