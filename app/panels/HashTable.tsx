import { type PointerEvent, useMemo, useState } from 'react';
import type { HostState } from '../../src/engine';
import { thin } from '../ui';
import type { Phase } from './flows';
import { flowLines, lineText } from './tuples';

const COLUMNS = 32;
const CELLS = 512;

/** The side of a cell's square. */
const STEP = 16.4;

type Buckets = Pick<HostState['conntrack']['entries'][number], 'bucketOriginal' | 'bucketReply'>;

/** The table's buckets. A large table is shown as 512 cells, each for as many buckets as it takes. */
export function HashTable({
  state,
  chosen,
  phases,
  onPick,
}: {
  readonly state: HostState['conntrack'];
  readonly chosen: Partial<Buckets> | undefined;
  /** What this event has done to flows: the cells of one that has just been confirmed pulse. */
  readonly phases: ReadonlyMap<number, Phase>;
  readonly onPick: (id: number) => void;
}) {
  const per = Math.max(1, Math.ceil(state.buckets / CELLS));
  const cells = Math.ceil(state.buckets / per);
  const counts = useMemo(() => {
    const list = Array.from({ length: cells }, (_, cell) => ({ cell, n: 0 }));
    for (const e of state.entries) {
      for (const bucket of [e.bucketOriginal, e.bucketReply]) {
        const cell = list[Math.floor(bucket / per)];
        if (cell !== undefined) cell.n++;
      }
    }
    return list;
  }, [state.entries, cells, per]);
  const cellsOf = (e: Partial<Buckets>): readonly number[] =>
    e.bucketOriginal === undefined ? [] : [e.bucketOriginal, e.bucketReply ?? 0].map((b) => Math.floor(b / per));
  const mine = new Set(cellsOf(chosen ?? {}));
  const fresh = new Set(state.entries.filter((e) => phases.get(e.id) === 'confirmed').flatMap(cellsOf));
  const [at, setAt] = useState<number | null>(null);
  const inCell = at === null ? [] : state.entries.filter((e) => cellsOf(e).includes(at));
  const rows = Math.ceil(cells / COLUMNS);
  const cellAt = (e: PointerEvent<SVGSVGElement>): number | null => {
    const box = e.currentTarget.getBoundingClientRect();
    const column = Math.floor(((e.clientX - box.left) / box.width) * COLUMNS);
    const row = Math.floor(((e.clientY - box.top) / box.height) * rows);
    const cell = row * COLUMNS + column;
    return column >= 0 && column < COLUMNS && row >= 0 && cell < cells ? cell : null;
  };
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-2">
        <h2 className="text-[18px]">Hash table</h2>
        <span className="flex-1" />
        <span className="text-[13.5px] text-t2">
          nf_conntrack_buckets <b className="mono text-t1">{thin(state.buckets)}</b>
        </span>
      </div>
      <p className="mt-[5px] mb-3 min-h-[20px] text-[13.5px] text-t2" aria-live="polite">
        {at === null
          ? per === 1
            ? 'Each flow is stored twice: once per direction.'
            : `Each flow is stored twice: once per direction. A cell is ${thin(per)} buckets.`
          : inCell.length === 0
            ? `Bucket ${at * per}: empty.`
            : `Bucket ${at * per}: ${inCell.map((e) => lineText(flowLines(e).original)).join(', ')}`}
      </p>
      <svg
        viewBox={`0 0 ${COLUMNS * STEP} ${rows * STEP}`}
        className="w-full"
        role="img"
        aria-label={`${state.entries.length} flows in ${state.buckets} buckets`}
        onPointerLeave={() => setAt(null)}
        onPointerMove={(e) => setAt(cellAt(e))}
        onPointerDown={(e) => {
          const cell = cellAt(e);
          setAt(cell);
          const first = cell === null ? undefined : state.entries.find((f) => cellsOf(f).includes(cell));
          if (first !== undefined) onPick(first.id);
        }}
      >
        {counts.map(({ cell, n }) => (
          <Cell key={cell} cell={cell} n={n} chosen={mine.has(cell)} fresh={fresh.has(cell)} />
        ))}
      </svg>
      <Levels counts={counts} />
      <Fill count={state.entries.length} max={state.max} />
    </>
  );
}

/** How dark a cell with so many entries is. */
const level = (n: number): string =>
  n === 0
    ? 'var(--card)'
    : `color-mix(in srgb, var(--conntrack) ${[0, 36, 56, 76, 100][Math.min(n, 4)]}%, var(--card))`;

function Cell({
  cell,
  n,
  chosen,
  fresh,
}: {
  readonly cell: number;
  /** Entries in its buckets. */
  readonly n: number;
  readonly chosen: boolean;
  /** A flow that is in it has just been confirmed. */
  readonly fresh: boolean;
}) {
  const x = (cell % COLUMNS) * STEP;
  const y = Math.floor(cell / COLUMNS) * STEP;
  return (
    <g className={fresh ? 'cell-pulse flow-changed' : undefined} data-testid={chosen || fresh ? 'ct-cell' : undefined}>
      <rect
        x={x + 1}
        y={y + 1}
        width={STEP - 2.6}
        height={STEP - 2.6}
        rx="3"
        fill={level(n)}
        stroke={chosen ? 'var(--t1)' : 'var(--line)'}
        strokeWidth={chosen ? 2.2 : 0.8}
      />
      {n >= 3 && (
        <text
          x={x + STEP / 2 - 0.3}
          y={y + STEP / 2 + 3.4}
          textAnchor="middle"
          fontSize="9"
          fontWeight="700"
          fill="var(--canvas)"
        >
          {n}
        </text>
      )}
    </g>
  );
}

const LEVELS = [
  [0, 0, 'empty'],
  [1, 1, '1'],
  [2, 2, '2'],
  [3, 3, '3'],
  [4, Number.POSITIVE_INFINITY, '4+'],
] as const;

/** What the shades mean, and how many cells have each. */
function Levels({ counts }: { readonly counts: readonly { readonly n: number }[] }) {
  const total = (low: number, high: number): number => counts.filter(({ n }) => n >= low && n <= high).length;
  return (
    <div className="mt-[10px] flex flex-wrap items-center gap-x-4 gap-y-1 text-[13px] text-t2">
      {LEVELS.map(([low, high, name]) => (
        <span key={name} className="flex items-center gap-[6px]">
          <span className="size-[13px] rounded-[3px] border border-line" style={{ background: level(low) }} />
          {name} {name === 'empty' ? '' : '· '}
          {thin(total(low, high))}
        </span>
      ))}
      <span className="flex-1" />
      <span className="flex items-center gap-[6px]">
        <span className="size-[13px] rounded-[3px] border-2 border-t1" />
        this flow
      </span>
    </div>
  );
}

/** How full the table is. */
function Fill({ count, max }: { readonly count: number; readonly max: number }) {
  return (
    <div className="mt-5 border-line border-t pt-[14px]">
      <div className="flex flex-wrap items-baseline gap-2">
        <b className="font-[620] text-[14px]">
          {thin(count)} of {thin(max)} flows
        </b>
        <span className="flex-1" />
        <span className="text-t2">
          nf_conntrack_max <b className="mono text-t1">{thin(max)}</b>
        </span>
      </div>
      <div className="mt-2 mb-[9px] h-3 overflow-hidden rounded-control border border-line bg-well">
        <div
          className="h-full bg-conntrack"
          style={{ width: `${Math.min(1, count / Math.max(1, max)) * 100}%`, minWidth: count > 0 ? 2 : 0 }}
        />
      </div>
      <p className="text-[13.5px] text-t2 leading-[1.45]">
        When it is full, the kernel looks in a few buckets for an entry that is not ASSURED and evicts it. If it finds
        none, the new packet is dropped.
      </p>
    </div>
  );
}
