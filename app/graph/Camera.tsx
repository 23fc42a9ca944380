import { useReactFlow, useStore } from '@xyflow/react';
import { type ReactNode, type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { graphShown, useView } from '../store';
import { cx, IconButton, useMedia } from '../ui';
import type { Box, Point } from './geometry';
import type { PacketLens } from './PacketLayer';

/** A graph is not shrunk below this to fit; the camera follows the packet instead. */
const SMALLEST = 0.92;
const LARGEST = 1.25;
const LARGEST_PRESENTED = 1.6;
/** Height of the buttons in their corner, with what is left free around them. */
const BUTTONS = 124;
/** The strip that they take where they stand at the right; for fingers, below the send button of OUTPUT. */
const STRIP = { fine: { w: 46, from: 56, to: 160 }, coarse: { w: 46, from: 108, to: 252 } };
/** The same in the lower right corner, with what is left free around them. */
const COLUMN = { w: 64, h: 130 };
/** Of a lower canvas they take a row: a column would not fit, nor is there room for a bar. */
const LOW = 200;

/** Whether a graph that does not fit is to have a bar below it for the buttons: in the view, any box may come to lie under them. */
export const wantsBar = (bounds: Box, width: number, height: number, smallest: number): boolean =>
  height >= LOW && Math.min(width / bounds.w, height / bounds.h) < smallest;

/** Nodes are hidden until they have been measured. */
function whenSeen(): () => void {
  let frame = 0;
  const look = (): void => {
    const node = document.querySelector('.react-flow__node');
    if (node !== null && getComputedStyle(node).visibility === 'visible') graphShown();
    else frame = requestAnimationFrame(look);
  };
  look();
  return () => cancelAnimationFrame(frame);
}

/**
 * Shows the whole graph if it fits, else follows the packet. A person who pans or zooms takes over, until they ask for
 * the whole again or another subject is on show. Stands before the layer of the packet, so that this tells where the
 * packet is when the camera has turned to it.
 */
export function Camera({
  bounds,
  subject,
  lens,
  smallest = SMALLEST,
  corner,
  hosts,
  bar,
  beyond,
}: {
  readonly bounds: Box;
  readonly subject: string;
  readonly lens: RefObject<PacketLens | null>;
  readonly smallest?: number;
  /** Where the boxes in the lower left corner end, and where all of them do: the buttons go below. Else to the right. */
  readonly corner?: { readonly left: number; readonly all: number };
  /** What the buttons are not to lie on in the lower right corner. */
  readonly hosts?: readonly Box[];
  /** Where the buttons are instead, beside what leads to other places. */
  readonly bar?: HTMLElement | null;
  /** What leads to other places of the graph; who goes there takes over. */
  readonly beyond?: (taken: () => void) => ReactNode;
}) {
  const flow = useReactFlow();
  useEffect(whenSeen, []);
  const width = useStore((s) => s.width);
  const height = useStore((s) => s.height);
  const manual = useRef(false);
  const last = useRef<{ readonly at: Point | null; readonly pill: Box | null } | null>(null);
  const presenter = useView((s) => s.presenter);
  const largest = presenter ? LARGEST_PRESENTED : LARGEST;
  const fitting = (size: number): number => Math.min(size / bounds.w, height / bounds.h, largest);
  const beside =
    hosts?.some(inCorner({ width, height, bounds, zoom: Math.max(fitting(width), smallest) })) === true ? COLUMN.w : 0;
  const wanted = fitting(width - beside);
  const zoom = Math.max(wanted, smallest);

  const free =
    corner !== undefined &&
    bounds.h * zoom <= height &&
    pan(height, bounds.y, bounds.h, zoom, null, null) + (wanted >= smallest ? corner.left : corner.all) * zoom <
      height - BUTTONS;

  const coarse = useMedia('(pointer: coarse)');
  const strip = corner !== undefined && !free ? STRIP[coarse ? 'coarse' : 'fine'] : null;
  const frame = useCallback(
    (at: Point | null, pill: Box | null): void => {
      if (width === 0 || height === 0) return;
      const now = flow.getViewport();
      const same = at !== null && Math.abs(now.zoom - zoom) < 0.001;
      const box: Box | null = at === null ? null : around(at, pill);
      const y = pan(
        height,
        bounds.y,
        bounds.h,
        zoom,
        box && { from: box.y, span: box.h, point: at?.[1] ?? 0 },
        same ? now.y : null,
      );
      const top = box === null ? 0 : box.y * zoom + y;
      const under = strip !== null && box !== null && top < strip.to && strip.from < top + box.h * zoom;
      const x = pan(
        width - (under ? strip.w : beside),
        bounds.x,
        bounds.w,
        zoom,
        box && { from: box.x, span: box.w, point: at?.[0] ?? 0 },
        same ? now.x : null,
      );
      if (same && Math.abs(x - now.x) < 0.5 && Math.abs(y - now.y) < 0.5) return;
      void flow.setViewport({ x, y, zoom });
    },
    [flow, width, height, bounds, zoom, strip, beside],
  );

  useLayoutEffect(() => {
    lens.current = {
      look: (at, pill) => {
        last.current = { at, pill };
        if (!manual.current) frame(at, pill);
      },
    };
    return () => {
      lens.current = null;
    };
  }, [frame, lens]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another subject gives the camera back
  useLayoutEffect(() => {
    manual.current = false;
    last.current = null;
    frame(null, null);
  }, [subject]);
  useLayoutEffect(() => {
    if (!manual.current) frame(last.current?.at ?? null, last.current?.pill ?? null);
  }, [frame]);

  const panZoom = useStore((s) => s.domNode);
  useEffect(() => {
    const take = (): void => {
      manual.current = true;
    };
    panZoom?.addEventListener('wheel', take, { passive: true });
    const drag = (e: PointerEvent): void => {
      if (e.buttons !== 0 && (e.movementX !== 0 || e.movementY !== 0)) take();
    };
    panZoom?.addEventListener('pointermove', drag);
    return () => {
      panZoom?.removeEventListener('wheel', take);
      panZoom?.removeEventListener('pointermove', drag);
    };
  }, [panZoom]);

  const barred = bar !== undefined && bar !== null;
  const buttons = (
    <>
      {beyond?.(() => {
        manual.current = true;
      })}
      <div
        className={cx(
          barred
            ? 'ml-auto flex-none'
            : corner === undefined
              ? // Over a low canvas (the console is open) they take as little of it as they can.
                cx('right-[18px] bottom-4 max-md:bottom-10', height >= LOW && 'flex-col')
              : free
                ? 'bottom-4 left-[18px] flex-col'
                : // Of a host that does not fit, what is free in every view is the strip beside OUTPUT.
                  'top-[60px] pointer-coarse:top-[112px] right-1 pointer-coarse:right-0 flex-col pointer-coarse:rounded-r-none pointer-coarse:px-0',
          !barred && 'absolute z-5 rounded-card border border-line bg-panel p-[2px]',
          'flex gap-[2px]',
        )}
        data-testid="zoom"
      >
        <IconButton
          icon="plus"
          label="Zoom in"
          className="size-7"
          onClick={() => {
            manual.current = true;
            void flow.zoomIn({ duration: 160 });
          }}
        />
        <IconButton
          icon="minus"
          label="Zoom out"
          className="size-7"
          onClick={() => {
            manual.current = true;
            void flow.zoomOut({ duration: 160 });
          }}
        />
        <IconButton
          icon="fit"
          label="Fit"
          className="size-7"
          onClick={() => {
            manual.current = false;
            void flow.fitBounds(
              { x: bounds.x, y: bounds.y, width: bounds.w, height: bounds.h },
              { padding: 0, duration: 200 },
            );
            manual.current = wanted < smallest;
          }}
        />
      </div>
    </>
  );
  return barred ? createPortal(buttons, bar) : buttons;
}

/** Whether a box lies in the lower right corner of the view; of what does not fit, any may come to lie there. */
function inCorner({
  width,
  height,
  bounds,
  zoom,
}: {
  readonly width: number;
  readonly height: number;
  readonly bounds: Box;
  readonly zoom: number;
}): (box: Box) => boolean {
  const left = pan(width, bounds.x, bounds.w, zoom, null, null);
  const top = pan(height, bounds.y, bounds.h, zoom, null, null);
  const low = bounds.h * zoom > height;
  return ({ x, y, w, h }) =>
    left + (x + w) * zoom > width - COLUMN.w &&
    (low || (top + (y + h) * zoom > height - COLUMN.h && top + y * zoom < height));
}

const MARGIN = 24;

function around(at: Point, pill: Box | null): Box {
  const x = Math.min(at[0] - MARGIN, (pill?.x ?? at[0]) - 10);
  const y = Math.min(at[1] - MARGIN, (pill?.y ?? at[1]) - 10);
  const right = Math.max(at[0] + MARGIN, pill === null ? 0 : pill.x + pill.w + 10);
  const bottom = Math.max(at[1] + MARGIN, pill === null ? 0 : pill.y + pill.h + 10);
  return { x, y, w: right - x, h: bottom - y };
}

/**
 * Offset of the view along one axis. What fits is centred; else the view stays within the graph. It moves no more than it
 * must to have `subject` in sight, which may reach past the graph's edge.
 */
export function pan(
  size: number,
  from: number,
  span: number,
  zoom: number,
  subject: { readonly from: number; readonly span: number; readonly point: number } | null,
  now: number | null,
): number {
  const room = size - span * zoom;
  const most = -from * zoom;
  const least = most + room;
  const within = (offset: number): number => Math.max(least, Math.min(most, offset));
  const still = room >= 0 ? most + room / 2 : within(now ?? most);
  if (subject === null) return still;
  if (subject.span * zoom > size) return room >= 0 ? still : within(size / 2 - subject.point * zoom);
  const first = -subject.from * zoom;
  const last = size - (subject.from + subject.span) * zoom;
  return Math.min(Math.max(still, first), last);
}
