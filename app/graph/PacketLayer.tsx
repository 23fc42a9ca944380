import { useStore } from '@xyflow/react';
import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { Stop } from './boxes';
import { type Box, type Point, pointAt, roundedPath, type Track, track } from './geometry';
import { beyond } from './LineLayer';
import type { HostLayout } from './layout';
import { pointsOf } from './line';
import { PacketDot } from './PacketDot';
import { PillBody } from './PillBody';
import { PILL_HEIGHT, type PillScene, type PillSpot, pillText, pillWidth, placePill } from './pill';
import { type Scene, useScene } from './scene';
import { stemPath } from './stem';
import { inOut, travel, travelTime } from './travel';
import type { Walk } from './walk';

/** From a line that runs below the hooks to where the pill may lie. */
const BELOW_WAY = 3;

interface Move {
  readonly track: Track;
  /** Lengths along the track. */
  readonly from: number;
  readonly to: number;
}

/** The travelled line, the packet on it and its pill. Moves by refs, frame by frame: nothing renders meanwhile. */
export function PacketLayer({ lens }: { readonly lens: RefObject<PacketLens | null> }) {
  const scene = useScene();
  const sight = useStore((s) => Math.round(s.width / s.transform[2]));
  const { layout, walk, run, beat } = scene;
  const lit = useRef<SVGPathElement>(null);
  const casing = useRef<SVGPathElement>(null);
  const dot = useRef<SVGGElement>(null);
  const stem = useRef<SVGPathElement>(null);
  const pill = useRef<HTMLDivElement>(null);
  const shown = useRef<{ readonly way: readonly Stop[]; readonly layout: HostLayout; spot: PillSpot | null } | null>(
    null,
  );

  const ended = walk.here && walk.ended !== null;
  const text = walk.here && beat !== undefined ? pillText(run, beat) : null;
  const spot =
    text === null || walk.current === null
      ? null
      : placePill(sceneOfPill(scene, sight), (c) => pillWidth(text, c, ended));
  const d = roundedPath(pointsOf(layout, walk.way));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the walk says everything that has changed
  useLayoutEffect(() => {
    const before = shown.current;
    const duration = travelTime(beat?.kind);
    const move = moveOf(walk, before?.layout === layout ? before.way : null, layout, duration === 0);
    const fromSpot = before?.spot ?? null;
    shown.current = { way: walk.way, layout, spot };
    const linear = beat?.kind === 'wire';
    const draw = (part: number): void => {
      const eased = linear ? inOut(part) : easeOut(part);
      const length = move.from + (move.to - move.from) * eased;
      const at = pointAt(move.track, move.track.length === 0 ? 1 : length / move.track.length);
      const dash = `${length} ${move.track.length + 20}`;
      lit.current?.setAttribute('stroke-dasharray', dash);
      casing.current?.setAttribute('stroke-dasharray', dash);
      dot.current?.setAttribute('transform', `translate(${at[0]} ${at[1]})`);
      if (spot !== null && pill.current !== null) {
        const x = fromSpot === null || duration === 0 ? spot.x : fromSpot.x + (spot.x - fromSpot.x) * part;
        const y = fromSpot === null || duration === 0 ? spot.y : fromSpot.y + (spot.y - fromSpot.y) * part;
        pill.current.style.transform = `translate(${x}px, ${y}px)`;
        stem.current?.setAttribute(
          'd',
          stemPath(at, { ...spot, x, y }, layout, part < 1 ? undefined : currentBox(scene)),
        );
      }
      const box = spot === null ? null : { x: spot.x, y: spot.y, w: spot.w, h: PILL_HEIGHT };
      lens.current?.look(walk.way.length === 0 ? null : at, box);
    };
    // While the line shrinks, the longer one must stay drawn.
    const back = move.from > move.to;
    const all = roundedPath(move.track.points, 0);
    lit.current?.setAttribute('d', back ? all : d);
    casing.current?.setAttribute('d', back ? all : d);
    for (const path of [lit.current, casing.current])
      path?.setAttribute('pathLength', String(Math.max(1, move.track.length)));
    return travel(duration, draw);
  }, [walk]);

  if (walk.way.length === 0) return null;
  // The wire that it came by, and the one that it has gone by.
  const outside = layout.devices
    .filter((d) =>
      d.side === 'in'
        ? walk.way[0]?.startsWith('wire-in:') && walk.way.includes(`${d.stop}:top`)
        : !walk.here && walk.way.includes(`${d.stop}:lane`),
    )
    .map((d) => beyond(layout, d));
  return (
    <>
      <svg className="absolute top-0 left-0 overflow-visible" width="1" height="1" aria-hidden="true">
        <g className={walk.here ? undefined : 'e-gone'}>
          {/* All casings first: where two pieces meet there is no seam. */}
          {outside.map((o) => (
            <path key={o} className="e-case" d={o} />
          ))}
          <path ref={casing} className="e-case" />
          {outside.map((o) => (
            <path key={o} className="e-lit" d={o} />
          ))}
          <path ref={lit} className="e-lit" />
        </g>
        {walk.here && <path ref={stem} fill="none" stroke="var(--packet)" strokeWidth="3" strokeLinecap="round" />}
      </svg>
      <svg
        className="absolute top-0 left-0 z-3 overflow-visible"
        width="1"
        height="1"
        aria-hidden="true"
        data-testid="packet-dot"
      >
        {walk.here && (
          <g ref={dot}>
            <PacketDot ended={walk.ended} className="packet-end" />
          </g>
        )}
      </svg>
      {text !== null && spot !== null && (
        <PillBody
          key={`${beat?.packet} ${text.src.now} ${text.dst.now}`}
          element={pill}
          text={text}
          collapse={spot.collapse}
          fresh={text.fresh || (ended && beat?.kind === 'drop')}
          ended={ended ? 'bad' : null}
        />
      )}
    </>
  );
}

/** Where the camera looks; null: there is no packet, and the graph begins at its beginning. */
export interface PacketLens {
  readonly look: (at: Point | null, pill: Box | null) => void;
}

const easeOut = (t: number): number => 1 - (1 - t) ** 3;

/** From where to where the packet moves: forwards from the beat before, or back from where it stood. */
function moveOf(walk: Walk, before: readonly Stop[] | null, layout: HostLayout, still: boolean): Move {
  const whole = track(pointsOf(layout, walk.way));
  const stay: Move = { track: whole, from: whole.length, to: whole.length };
  if (still || !walk.here) return stay;
  const starts = (long: readonly Stop[], short: readonly Stop[]): boolean =>
    short.length <= long.length && short.every((s, i) => s === long[i]);
  if (before !== null && before.length > walk.way.length && starts(before, walk.way)) {
    const old = track(pointsOf(layout, before));
    return { track: old, from: old.length, to: lengthTo(layout, before, walk.way.length) };
  }
  const from = before !== null && starts(walk.way, before) ? before.length : walk.wayBefore;
  return { track: whole, from: lengthTo(layout, walk.way, from), to: whole.length };
}

/** Length of the rounded way up to its first `count` nodes. */
function lengthTo(layout: HostLayout, way: readonly Stop[], count: number): number {
  if (count >= way.length) return track(pointsOf(layout, way)).length;
  if (count <= 1) return 0;
  const whole = track(pointsOf(layout, way));
  const [x, y] = layout.nodes.get(way[count - 1] as Stop) ?? [0, 0];
  let best = 0;
  let bestDistance = Number.POSITIVE_INFINITY;
  // The rounded way passes near the node; the last time that it does is meant, for ways that cross themselves.
  whole.points.forEach((p, i) => {
    const q = whole.points[i + 1] ?? p;
    const [dx, dy] = [q[0] - p[0], q[1] - p[1]];
    const span = dx * dx + dy * dy;
    const t = span === 0 ? 0 : Math.max(0, Math.min(1, ((x - p[0]) * dx + (y - p[1]) * dy) / span));
    const distance = Math.hypot(p[0] + t * dx - x, p[1] + t * dy - y);
    if (distance < bestDistance - 0.5) {
      bestDistance = distance;
      best = (whole.lengths[i] ?? 0) + t * Math.sqrt(span);
    }
  });
  return best;
}

function currentBox({ layout, walk }: Scene): Box | null {
  if (walk.current === 'local:in' || walk.current === 'local:out') return layout.local;
  for (const hook of layout.hooks) {
    for (const card of hook.cards) {
      if (card.stop === walk.current || card.chains.some((c) => c.stop === walk.current)) return card;
    }
  }
  const [x, y] = layout.nodes.get(walk.current ?? '') ?? [-1, -1];
  return layout.devices.find((d) => d.x < x && x < d.x + d.w && d.y < y && y < d.y + d.h) ?? null;
}

function sceneOfPill(scene: Scene, sight: number): PillScene {
  const { layout, walk } = scene;
  const coming = new Set([...walk.way, ...walk.ahead]);
  const at = layout.nodes.get(walk.current ?? '') ?? [0, 0];
  const way: Box[] = [];
  const other: Box[] = [];
  for (const hook of layout.hooks) {
    const on = hook.cards.some((c) => coming.has(c.stop)) || coming.has(`${hook.hook}:top`);
    (on ? way : other).push(hook);
  }
  for (const device of layout.devices) (coming.has(`${device.stop}:top`) ? way : other).push(device);
  // Words that belong to nothing else are not covered if it can be helped.
  const [rx, ry] = layout.routeInput;
  const [ox, oy] = layout.routeOutput;
  // In front of a room the word stands beside the riser.
  const routing =
    layout.presented === true ? { x: rx - 100, y: ry - 64, w: 125, h: 89 } : { x: rx - 25, y: ry - 25, w: 50, h: 70 };
  const lead = layout.presented === true ? 26 : 14;
  // Who goes round by lo or a bridge passes below everything else.
  const round = Math.max(layout.rowBottom, ...pointsOf(layout, [...coming]).map((p) => p[1] + BELOW_WAY));
  const current = currentBox(scene);
  way.push(layout.title, routing, { x: ox - lead, y: oy - 14, w: 106 + lead, h: 28 });
  other.push(layout.local);
  return {
    at,
    current,
    way,
    other,
    bounds: layout.bounds,
    buttons: { x: layout.bounds.x, y: layout.bounds.y + layout.bounds.h - 136, w: 62, h: 136 },
    sight,
    rowBottom: round,
    hooksBottom: round > layout.rowBottom ? round : Math.max(...layout.hooks.map((h) => h.y + h.h)),
    line: pointsOf(layout, [...coming]),
    low: at[1] > layout.routeInput[1] - 30,
    // Below a hook that is entered from below, INPUT, there is room only beside its riser.
    aside: layout.presented === true && current !== null && at[1] === current.y + current.h ? at[1] + 14 : null,
  };
}
