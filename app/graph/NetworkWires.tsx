import { memo, type RefObject, useLayoutEffect, useRef } from 'react';
import { stores, useView } from '../store';
import { cx, verdictOf } from '../ui';
import { type Point, pointAt, roundedPath, track } from './geometry';
import { useNet, useNetMoment } from './net';
import { LARGE } from './networkLabels';
import type { NetworkLayout } from './networkLayout';
import type { Hop } from './networkState';
import type { Wire } from './networkWays';
import { PacketDot } from './PacketDot';
import type { PacketLens } from './PacketLayer';
import { PillBody } from './PillBody';
import { PILL_HEIGHT, pillText, pillWidth } from './pill';
import { inOut, travel, travelTime } from './travel';

/** The heading is on the left of this, the pill on the right. */
const HEADING = 360;

/** Segments, as they lie there. */
export const Wires = memo(function Wires() {
  const { layout } = useNet();
  return (
    <>
      <svg className="absolute top-0 left-0 overflow-visible" width="1" height="1" aria-hidden="true">
        {layout.wires.map((wire) => (
          <g key={wire.segment.name}>
            {wire.bus !== null && (
              <path
                d={`M${wire.bus.from[0]} ${wire.bus.from[1]}V${wire.bus.to[1]}`}
                stroke="var(--edge)"
                strokeWidth="9"
                strokeLinecap="round"
              />
            )}
            {[...wire.ports].map(([id, way]) => (
              <path key={id} className="e" d={roundedPath(way, 10)} />
            ))}
          </g>
        ))}
      </svg>
      {layout.wires.map((wire) => (
        <SegmentLabel key={wire.segment.name} wire={wire} />
      ))}
    </>
  );
});

/** Name and networks of a segment; while the network is edited, it can be picked. */
function SegmentLabel({ wire }: { readonly wire: Wire }) {
  const { editing } = useNet();
  const { name, prefixes, ports, large } = wire.segment;
  const picked = useView((s) => s.networkEdit?.pick?.kind === 'segment' && s.networkEdit.pick.name === name);
  const words = (
    <>
      <b className="rounded-[4px] bg-canvas px-1 font-semibold text-[1.4em] text-t2">{name}</b>
      <span className="mono block text-[1.22em] tracking-[-0.03em]">
        {prefixes.slice(0, 2).map((p) => (
          <span key={p} className="block rounded-[4px] bg-canvas px-1">
            {p}
          </span>
        ))}
        {ports.length === 0 && (
          <span className="block whitespace-nowrap font-sans text-[1.03em] text-t3">nobody on it yet</span>
        )}
      </span>
    </>
  );
  const at = { left: wire.label.at[0], top: wire.label.at[1], fontSize: large === true ? LARGE * 10 : 10 };
  if (!editing) {
    return (
      <div
        className="absolute z-1 -translate-x-1/2 text-center leading-[1.3]"
        style={at}
        data-testid={`segment-${name}`}
      >
        {words}
      </div>
    );
  }
  return (
    <button
      type="button"
      className={cx(
        'nodrag nopan pointer-events-auto absolute z-1 -translate-x-1/2 rounded-[8px] text-center leading-[1.3] outline-offset-4 hover:outline hover:outline-line-2',
        picked && 'outline-2 outline-filter hover:outline-2 hover:outline-filter',
      )}
      style={at}
      aria-label={`Segment ${name}`}
      aria-pressed={picked}
      data-testid={`segment-${name}`}
      onClick={() => stores.view.getState().editNetwork({ pick: { kind: 'segment', name } })}
    >
      {words}
    </button>
  );
}

/** Where wires end at hosts, lit where the packet has been. */
export const Ports = memo(function Ports() {
  const { layout } = useNet();
  const { state } = useNetMoment();
  const used = new Set(state.hops.flatMap((h) => [h.from, h.to]));
  const last = state.onWire ? state.hops.at(-1)?.to : null;
  return (
    <svg className="absolute top-0 left-0 overflow-visible" width="1" height="1" aria-hidden="true">
      {layout.ports.map(({ id, at }) => {
        const lit = used.has(id) && id !== last;
        return (
          <g key={id} transform={`translate(${at[0]} ${at[1]})`}>
            <rect
              x="-9"
              y="-9"
              width="18"
              height="18"
              rx="5"
              fill={lit ? 'var(--packet)' : 'var(--card)'}
              stroke={lit ? 'var(--packet-case)' : 'var(--line-2)'}
              strokeWidth="1.8"
            />
            <path
              d="M-3.5 3.5V-1H3.5V3.5"
              stroke={lit ? 'var(--packet-ink)' : 'var(--t2)'}
              strokeWidth="1.8"
              fill="none"
            />
          </g>
        );
      })}
    </svg>
  );
});

/** The way of one hop: from port to port, over the segment. */
function hopWay(layout: NetworkLayout, hop: Hop): readonly Point[] {
  const wire = layout.wires.find((w) => w.segment.name === hop.segment);
  if (wire === undefined) return [];
  const from = hop.from === null ? undefined : wire.ports.get(hop.from);
  const to = hop.to === null ? undefined : wire.ports.get(hop.to);
  return [
    ...(from?.toReversed() ?? []),
    ...(to ?? (from === undefined || wire.bus === null ? [] : [[wire.bus.from[0], wire.bus.from[1]] as Point])),
  ];
}

/** The packet between hosts: hops so far lit, the dot on the last one, the pill above it. */
export function TravelLayer({ lens }: { readonly lens: RefObject<PacketLens | null> }) {
  const { run, layout } = useNet();
  const { beat, state } = useNetMoment();
  const dot = useRef<SVGGElement>(null);
  const lit = useRef<SVGPathElement>(null);
  const casing = useRef<SVGPathElement>(null);
  const pill = useRef<HTMLDivElement>(null);
  const stem = useRef<SVGPathElement>(null);
  const ways = state.hops.map((hop) => hopWay(layout, hop));
  const past = state.onWire ? ways.slice(0, -1) : ways;
  const now = state.onWire ? (ways.at(-1) ?? []) : [];
  const ended = state.ended === null ? null : verdictOf(state.ended).glyph;
  const text = beat === undefined || beat.packet === '' ? null : pillText(run, beat);
  const card = layout.cards.find((c) => c.host.name === state.host);
  // On a narrow screen it shortens itself, and may stand over the heading.
  const room = Math.min(layout.bounds.w - 376, innerWidth / 0.8 - 24);
  const collapse =
    text === null ? 0 : (([0, 1, 2, 3] as const).find((c) => pillWidth(text, c, ended !== null) <= room) ?? 3);
  const arrives = state.hops.at(-1)?.to != null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the state says everything that has changed
  useLayoutEffect(() => {
    const way = track(now, 10);
    const duration = state.onWire && beat !== undefined ? travelTime('wire') : 0;
    // It stops short of the next port: it is about to arrive.
    const stop = way.length === 0 ? 1 : Math.max(0.5, 1 - (arrives ? 30 : 0) / way.length);
    const w = text === null ? 0 : pillWidth(text, collapse, ended !== null);
    const draw = (part: number): void => {
      const eased = inOut(part) * stop;
      const at: Point = state.onWire ? pointAt(way, eased) : [(card?.x ?? 0) + (card?.w ?? 0) / 2, card?.y ?? 0];
      dot.current?.setAttribute('transform', `translate(${at[0]} ${at[1]})`);
      for (const path of [lit.current, casing.current]) {
        path?.setAttribute('pathLength', String(Math.max(1, way.length)));
        path?.setAttribute('stroke-dasharray', `${eased * way.length} ${way.length + 20}`);
      }
      const x = Math.max(HEADING, Math.min(at[0] - w / 2, layout.bounds.w - w - 16));
      const y = 24;
      if (pill.current !== null) pill.current.style.transform = `translate(${x}px, ${y}px)`;
      const middle = y + PILL_HEIGHT / 2;
      const inside = at[0] > x + 24 && at[0] < x + w - 24;
      // A stem across another host would point at that one, and none goes through the heading; the ring around the host
      // says enough.
      const across =
        (at[0] < HEADING && !state.onWire) ||
        layout.cards.some((c) => c !== card && c.y + c.h < at[1] && c.x < at[0] && at[0] < c.x + c.w);
      const edge = at[0] <= x + 24 ? x : x + w;
      stem.current?.setAttribute(
        'd',
        across
          ? ''
          : inside
            ? `M${at[0]} ${y + PILL_HEIGHT}V${at[1] - 9}`
            : roundedPath(
                [
                  [edge, middle],
                  [at[0], middle],
                  [at[0], at[1] - 9],
                ],
                12,
              ),
      );
      if (text === null) lens.current?.look(null, null);
      else lens.current?.look(at, { x, y, w, h: PILL_HEIGHT });
    };
    return travel(duration, draw);
  }, [state, layout]);

  if (text === null) return null;
  const d = roundedPath(now, 10);
  return (
    <>
      <svg className="absolute top-0 left-0 overflow-visible" width="1" height="1" aria-hidden="true">
        <path ref={stem} fill="none" stroke="var(--packet)" strokeWidth="2.6" strokeLinecap="round" />
        {past.map((way, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: hops only ever follow each other
          <g key={i}>
            <path className="e-case" d={roundedPath(way, 10)} />
            <path className="e-lit" d={roundedPath(way, 10)} />
          </g>
        ))}
        <path ref={casing} className="e-case" d={d} />
        <path ref={lit} className="e-lit" d={d} />
      </svg>
      <svg className="absolute top-0 left-0 z-3 overflow-visible" width="1" height="1" aria-hidden="true">
        {state.others.map((host) => {
          const at = layout.cards.find((c) => c.host.name === host);
          return at === undefined ? null : (
            <circle key={host} className="st-lit" r="6" cx={at.x + at.w - 20} cy={at.y} data-testid="packet-dot" />
          );
        })}
        <g ref={dot}>
          <PacketDot ended={ended === null || ended === 'ok' ? null : ended === 'rej' ? 'rejected' : 'dropped'} />
        </g>
      </svg>
      <PillBody element={pill} text={text} collapse={collapse} fresh={text.fresh} ended={ended} />
    </>
  );
}
