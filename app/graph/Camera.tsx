import { useReactFlow, useStore } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { IconButton } from '../ui';
import type { Box } from './geometry';
import type { PacketLens } from './PacketLayer';

/** A graph is not shrunk below this to fit; the camera follows the packet instead. */
const SMALLEST = 0.92;
const LARGEST = 1.25;

/**
 * Shows the whole graph if it fits, else follows the packet. A person who pans or zooms takes over, until they ask for
 * the whole again or another subject is on show.
 */
export function Camera({
  bounds,
  subject,
  lens,
  smallest = SMALLEST,
}: {
  readonly bounds: Box;
  readonly subject: string;
  readonly lens: RefObject<PacketLens | null>;
  readonly smallest?: number;
}) {
  const flow = useReactFlow();
  const width = useStore((s) => s.width);
  const height = useStore((s) => s.height);
  const manual = useRef(false);
  const moving = useRef(false);
  const wanted = Math.min(width / bounds.w, height / bounds.h, LARGEST);
  const zoom = Math.max(wanted, smallest);

  const frame = useCallback(
    (at: readonly [number, number] | null, duration: number): void => {
      if (width === 0 || height === 0) return;
      const axis = (size: number, from: number, span: number, point: number | null, now: number): number => {
        const room = size - span * zoom;
        if (room >= 0) return room / 2 - from * zoom; // fits: centred
        const first = point === null ? -from * zoom : now;
        // The packet is kept in the middle part of what is seen; the graph's edge is never left behind.
        const seen = point === null ? 0 : point * zoom + first;
        const margin = size * 0.28;
        const shifted =
          point === null
            ? first
            : seen < margin
              ? first + margin - seen
              : seen > size - margin
                ? first - (seen - size + margin)
                : first;
        return Math.max(size - (from + span) * zoom, Math.min(-from * zoom, shifted));
      };
      const now = flow.getViewport();
      const same = Math.abs(now.zoom - zoom) < 0.001;
      const x = axis(width, bounds.x, bounds.w, at?.[0] ?? null, same ? now.x : -bounds.x * zoom);
      const y = axis(height, bounds.y, bounds.h, at?.[1] ?? null, same ? now.y : height - (bounds.y + bounds.h) * zoom);
      if (same && Math.abs(x - now.x) < 0.5 && Math.abs(y - now.y) < 0.5) return;
      moving.current = true;
      void flow.setViewport({ x, y, zoom }, { duration }).then(() => {
        moving.current = false;
      });
    },
    [flow, width, height, bounds, zoom],
  );

  useEffect(() => {
    lens.current = {
      look: (at) => {
        if (!manual.current) frame(at, 0);
      },
    };
    return () => {
      lens.current = null;
    };
  }, [frame, lens]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another subject gives the camera back
  useEffect(() => {
    manual.current = false;
    frame(null, 0);
  }, [subject]);
  useEffect(() => {
    if (!manual.current) frame(null, 0);
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

  return (
    <div
      className="absolute bottom-4 left-[18px] z-5 flex flex-col gap-[2px] rounded-card border border-line bg-panel p-[2px]"
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
  );
}
