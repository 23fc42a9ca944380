import { useReactFlow } from '@xyflow/react';
import { type PointerEvent as ReactPointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import { connect } from '../setup/lazy';
import { stores } from '../store';
import { Icon } from '../ui';
import type { Point } from './geometry';
import { useNet } from './net';
import type { HostCard } from './networkCards';
import type { NetworkLayout } from './networkLayout';
import { type Target, targetAt } from './networkTargets';

/** A wire that is being drawn, from a host to where the pointer is. */
export interface Drawn {
  readonly from: string;
  readonly at: Point;
  readonly over: Target | null;
}

/** Pixels that the pointer moves before a press is a drag. */
const DRAG = 5;

/** Drawing a wire: what is drawn now, and what begins it. The press that did not move is a click. */
export function useDrawing(layout: NetworkLayout): {
  readonly drawn: Drawn | null;
  readonly begin: (host: string, e: ReactPointerEvent) => void;
} {
  const flow = useReactFlow();
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const latest = useRef(layout);
  latest.current = layout;
  const stop = useRef<() => void>(() => {});
  useEffect(() => () => stop.current(), []);
  const begin = useCallback(
    (host: string, start: ReactPointerEvent): void => {
      if (start.button !== 0) return;
      start.preventDefault();
      start.stopPropagation();
      let now: Drawn | null = null;
      const place = (e: PointerEvent): void => {
        if (now === null && Math.hypot(e.clientX - start.clientX, e.clientY - start.clientY) < DRAG) return;
        const { x, y } = flow.screenToFlowPosition({ x: e.clientX, y: e.clientY });
        now = { from: host, at: [x, y], over: targetAt(latest.current, [x, y], host) };
        setDrawn(now);
      };
      const end = (e: PointerEvent): void => {
        place(e);
        stop.current();
        if (now === null)
          stores.view.getState().editNetwork({ adding: 'link', from: host, pick: { kind: 'host', name: host } });
        else if (now.over !== null) connect(host, `${now.over.kind} ${now.over.name}`);
      };
      const key = (e: KeyboardEvent): void => {
        if (e.key !== 'Escape') return;
        e.preventDefault();
        e.stopPropagation();
        stop.current();
      };
      stop.current = () => {
        window.removeEventListener('pointermove', place);
        window.removeEventListener('pointerup', end);
        window.removeEventListener('pointercancel', stop.current);
        window.removeEventListener('keydown', key, { capture: true });
        setDrawn(null);
      };
      window.addEventListener('pointermove', place);
      window.addEventListener('pointerup', end);
      window.addEventListener('pointercancel', stop.current);
      window.addEventListener('keydown', key, { capture: true });
    },
    [flow],
  );
  return { drawn, begin };
}

/** What a host is connected by: dragged to a segment or a host, or pressed to choose one. */
export function ConnectHandle({ card }: { readonly card: HostCard }) {
  const { begin, drawn } = useNet();
  const { name } = card.host;
  return (
    <button
      type="button"
      className="nodrag nopan absolute -bottom-[22px] left-1/2 z-4 grid size-[30px] -translate-x-1/2 cursor-crosshair touch-none place-items-center rounded-full border-[1.5px] border-line-2 bg-card text-t2 hover:border-t1 hover:text-t1 data-drawn:border-focus data-drawn:text-t1 pointer-coarse:-bottom-[30px] pointer-coarse:size-11"
      aria-label={`Connect ${name}: drag to a segment or a host, or press to choose`}
      title="Drag to a segment or a host"
      data-testid={`connect-${name}`}
      {...(drawn?.from === name ? { 'data-drawn': '' } : {})}
      onPointerDown={(e) => begin(name, e)}
      onKeyDown={(e) => {
        if (e.key !== 'Enter' && e.key !== ' ') return;
        e.preventDefault();
        e.stopPropagation();
        stores.view.getState().editNetwork({ adding: 'link', from: name, pick: { kind: 'host', name } });
      }}
      onClick={(e) => {
        e.stopPropagation();
        // By a screen reader or a script: a press of the pointer was answered when it was let go.
        if (e.detail === 0)
          stores.view.getState().editNetwork({ adding: 'link', from: name, pick: { kind: 'host', name } });
      }}
    >
      <Icon name="link" size={16} />
    </button>
  );
}

/** The wire that is being drawn, and what it would end at. */
export function DrawnWire() {
  const { drawn, layout } = useNet();
  if (drawn === null) return null;
  const card = layout.cards.find((c) => c.host.name === drawn.from);
  if (card === undefined) return null;
  const start: Point = [card.x + card.w / 2, card.y + card.h];
  const host = drawn.over?.kind === 'host' ? layout.cards.find((c) => c.host.name === drawn.over?.name) : undefined;
  const wire =
    drawn.over?.kind === 'segment' ? layout.wires.find((w) => w.segment.name === drawn.over?.name) : undefined;
  return (
    <svg
      className="absolute top-0 left-0 z-5 overflow-visible"
      width="1"
      height="1"
      aria-hidden="true"
      data-testid="drawn-wire"
    >
      {host !== undefined && (
        <rect
          x={host.x - 5}
          y={host.y - 5}
          width={host.w + 10}
          height={host.h + 10}
          rx="20"
          fill="none"
          stroke="var(--focus)"
          strokeWidth="2.5"
        />
      )}
      {wire !== undefined && (
        <>
          {wire.bus !== null && (
            <path
              d={`M${wire.bus.from[0]} ${wire.bus.from[1]}V${wire.bus.to[1]}`}
              stroke="var(--focus)"
              strokeWidth="11"
              strokeLinecap="round"
            />
          )}
          <rect
            x={wire.label.at[0] - 58}
            y={wire.label.at[1] - 5}
            width="116"
            height="46"
            rx="9"
            fill="none"
            stroke="var(--focus)"
            strokeWidth="2"
          />
        </>
      )}
      <path
        d={`M${start[0]} ${start[1]}L${drawn.at[0]} ${drawn.at[1]}`}
        stroke="var(--focus)"
        strokeWidth="3"
        strokeDasharray="2 7"
        strokeLinecap="round"
        fill="none"
      />
      <circle cx={drawn.at[0]} cy={drawn.at[1]} r="7" fill="var(--focus)" stroke="var(--canvas)" strokeWidth="2" />
    </svg>
  );
}
