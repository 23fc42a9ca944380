import { type PointerEvent, useMemo, useState } from 'react';
import type { HostState } from '../../src/engine';
import { thin } from '../ui';
import type { Phase } from './flows';
import { flowLines, lineText } from './tuples';

const COLUMNS = 32;
const CELLS = 512;

type Entry = HostState['conntrack']['entries'][number];

/** The table's buckets. A large table is shown as 512 cells, each for as many buckets as it takes. */
export function HashTable({
  state,
  chosen,
  phases,
  onPick,
}: {
  readonly state: HostState['conntrack'];
  readonly chosen: Partial<Pick<Entry, 'bucketOriginal' | 'bucketReply'>> | undefined;
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
  const mine = new Set(
    chosen?.bucketOriginal === undefined
      ? []
      : [Math.floor(chosen.bucketOriginal / per), Math.floor((chosen.bucketReply ?? 0) / per)],
  );
  const fresh = new Set(
    state.entries
      .filter((e) => phases.get(e.id) === 'confirmed')
      .flatMap((e) => [Math.floor(e.bucketOriginal / per), Math.floor(e.bucketReply / per)]),
  );
  const [at, setAt] = useState<number | null>(null);
  const inCell =
    at === null
      ? []
      : state.entries.filter((e) => [e.bucketOriginal, e.bucketReply].some((b) => Math.floor(b / per) === at));
  const step = 16.4;
  const rows = Math.ceil(cells / COLUMNS);
  const cellAt = (e: PointerEvent<SVGSVGElement>): number | null => {
    const box = e.currentTarget.getBoundingClientRect();
    const column = Math.floor(((e.clientX - box.left) / box.width) * COLUMNS);
    const row = Math.floor(((e.clientY - box.top) / box.height) * rows);
    const cell = row * COLUMNS + column;
    return column >= 0 && column < COLUMNS && row >= 0 && cell < cells ? cell : null;
  };
  const full = Math.min(1, state.entries.length / Math.max(1, state.max));
  const level = (n: number): string =>
    n === 0
      ? 'var(--card)'
      : `color-mix(in srgb, var(--conntrack) ${[0, 36, 56, 76, 100][Math.min(n, 4)]}%, var(--card))`;
  const total = (low: number, high: number): number => counts.filter(({ n }) => n >= low && n <= high).length;
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
        viewBox={`0 0 ${COLUMNS * step} ${rows * step}`}
        className="w-full"
        role="img"
        aria-label={`${state.entries.length} flows in ${state.buckets} buckets`}
        onPointerLeave={() => setAt(null)}
        onPointerMove={(e) => setAt(cellAt(e))}
        onPointerDown={(e) => {
          const cell = cellAt(e);
          setAt(cell);
          const first = state.entries.find((f) =>
            [f.bucketOriginal, f.bucketReply].some((b) => Math.floor(b / per) === cell),
          );
          if (first !== undefined) onPick(first.id);
        }}
      >
        {counts.map(({ cell, n }) => {
          const x = (cell % COLUMNS) * step;
          const y = Math.floor(cell / COLUMNS) * step;
          const on = mine.has(cell);
          return (
            <g
              key={cell}
              className={fresh.has(cell) ? 'cell-pulse flow-changed' : undefined}
              data-testid={on || fresh.has(cell) ? 'ct-cell' : undefined}
            >
              <rect
                x={x + 1}
                y={y + 1}
                width={step - 2.6}
                height={step - 2.6}
                rx="3"
                fill={level(n)}
                stroke={on ? 'var(--t1)' : 'var(--line)'}
                strokeWidth={on ? 2.2 : 0.8}
              />
              {n >= 3 && (
                <text
                  x={x + step / 2 - 0.3}
                  y={y + step / 2 + 3.4}
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
        })}
      </svg>
      <div className="mt-[10px] flex flex-wrap items-center gap-x-4 gap-y-1 text-[13px] text-t2">
        {[
          [0, 0, 'empty'],
          [1, 1, '1'],
          [2, 2, '2'],
          [3, 3, '3'],
          [4, Number.POSITIVE_INFINITY, '4+'],
        ].map(([low, high, name]) => (
          <span key={name} className="flex items-center gap-[6px]">
            <span className="size-[13px] rounded-[3px] border border-line" style={{ background: level(Number(low)) }} />
            {name} {name === 'empty' ? '' : '· '}
            {thin(total(Number(low), Number(high)))}
          </span>
        ))}
        <span className="flex-1" />
        <span className="flex items-center gap-[6px]">
          <span className="size-[13px] rounded-[3px] border-2 border-t1" />
          this flow
        </span>
      </div>
      <div className="mt-5 border-line border-t pt-[14px]">
        <div className="flex flex-wrap items-baseline gap-2">
          <b className="font-[620] text-[14px]">
            {thin(state.entries.length)} of {thin(state.max)} flows
          </b>
          <span className="flex-1" />
          <span className="text-t2">
            nf_conntrack_max <b className="mono text-t1">{thin(state.max)}</b>
          </span>
        </div>
        <div className="mt-2 mb-[9px] h-3 overflow-hidden rounded-control border border-line bg-well">
          <div
            className="h-full bg-conntrack"
            style={{ width: `${full * 100}%`, minWidth: state.entries.length > 0 ? 2 : 0 }}
          />
        </div>
        <p className="text-[13.5px] text-t2 leading-[1.45]">
          When it is full, the kernel looks in a few buckets for an entry that is not ASSURED and evicts it. If it finds
          none, the new packet is dropped.
        </p>
      </div>
    </>
  );
}
