export type Point = readonly [number, number];

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const RADIUS = 14;

/** Points of a way without those that lie on the line between their neighbours, and without repetitions. */
export function corners(points: readonly Point[]): readonly Point[] {
  const out: Point[] = [];
  for (const p of points) {
    const last = out.at(-1);
    if (last !== undefined && last[0] === p[0] && last[1] === p[1]) continue;
    const before = out.at(-2);
    if (last !== undefined && before !== undefined && between(before, last, p)) out.pop();
    out.push(p);
  }
  return out;
}

/** On one line, and going on in the same direction. */
function between(a: Point, b: Point, c: Point): boolean {
  const cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  const dot = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]);
  return Math.abs(cross) < 1e-6 && dot >= 0;
}

interface Turn {
  readonly at: Point;
  readonly from: Point;
  readonly to: Point;
}

/** Where each corner's curve begins and ends. */
function turns(points: readonly Point[], radius: number): readonly Turn[] {
  const out: Turn[] = [];
  for (let i = 1; i < points.length - 1; i++) {
    const [p, q, n] = [points[i - 1] as Point, points[i] as Point, points[i + 1] as Point];
    const before = Math.hypot(q[0] - p[0], q[1] - p[1]);
    const after = Math.hypot(n[0] - q[0], n[1] - q[1]);
    const k = Math.min(radius, before / 2, after / 2);
    const toward = (end: Point, length: number): Point =>
      length === 0 ? q : [q[0] + ((end[0] - q[0]) / length) * k, q[1] + ((end[1] - q[1]) / length) * k];
    out.push({ at: q, from: toward(p, before), to: toward(n, after) });
  }
  return out;
}

const f = (n: number): string => String(Math.round(n * 100) / 100);

/** An SVG path through the points, its corners rounded. */
export function roundedPath(way: readonly Point[], radius = RADIUS): string {
  const points = corners(way);
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  let d = `M${f(first[0])} ${f(first[1])}`;
  for (const { at, from, to } of turns(points, radius)) {
    d += `L${f(from[0])} ${f(from[1])}Q${f(at[0])} ${f(at[1])} ${f(to[0])} ${f(to[1])}`;
  }
  return `${d}L${f(last[0])} ${f(last[1])}`;
}

/** The way as a fine polyline with the length so far at each point, to move something along it. */
export interface Track {
  readonly points: readonly Point[];
  readonly lengths: readonly number[];
  readonly length: number;
}

/** A rounded way as points, with the length up to each. */
export function track(way: readonly Point[], radius = RADIUS): Track {
  const bare = corners(way);
  const points: Point[] = [];
  if (bare[0] !== undefined) points.push(bare[0]);
  for (const { at, from, to } of turns(bare, radius)) {
    for (let i = 0; i <= 6; i++) {
      const t = i / 6;
      const u = 1 - t;
      points.push([
        u * u * from[0] + 2 * u * t * at[0] + t * t * to[0],
        u * u * from[1] + 2 * u * t * at[1] + t * t * to[1],
      ]);
    }
  }
  const end = bare.at(-1);
  if (end !== undefined && bare.length > 1) points.push(end);
  const lengths: number[] = [];
  let length = 0;
  points.forEach((p, i) => {
    const q = points[i - 1];
    if (q !== undefined) length += Math.hypot(p[0] - q[0], p[1] - q[1]);
    lengths.push(length);
  });
  return { points, lengths, length };
}

/** The point at a part (0 to 1) of the whole way. */
export function pointAt({ points, lengths, length }: Track, part: number): Point {
  const wanted = length * Math.min(1, Math.max(0, part));
  let i = 1;
  while (i < points.length && (lengths[i] as number) < wanted) i++;
  const b = points[Math.min(i, points.length - 1)];
  const a = points[i - 1] ?? b;
  if (a === undefined || b === undefined) return [0, 0];
  const from = lengths[i - 1] ?? 0;
  const span = (lengths[i] ?? from) - from;
  const t = span === 0 ? 1 : (wanted - from) / span;
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
}

/** The area that two boxes share. */
export function overlap(a: Box, b: Box): number {
  const w = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return w > 0 && h > 0 ? w * h : 0;
}

/** How far two boxes are from each other; 0 if they touch. */
export function distance(a: Box, b: Box): number {
  const apart = (from: number, length: number, to: number, other: number): number =>
    Math.max(0, to - (from + length), from - (to + other));
  return Math.hypot(apart(a.x, a.w, b.x, b.w), apart(a.y, a.h, b.y, b.h));
}
