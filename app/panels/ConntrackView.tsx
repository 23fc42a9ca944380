import { useVirtualizer } from '@tanstack/react-virtual';
import { Dialog } from 'radix-ui';
import { type PointerEvent, useMemo, useRef, useState } from 'react';
import type { HostState } from '../../src/engine';
import type { ConnSnapshot } from '../../src/model';
import { stores, useHostState } from '../store';
import { Badge, Button, cx, IconButton, thin } from '../ui';
import { FlowLine } from './ConntrackSummary';
import { Ring } from './Ring';
import { useFlow } from './subject';
import { anatomy, anatomyText, flagsOf, flowLines, lineText, shareLeft, timeText } from './tuples';

type Entry = HostState['conntrack']['entries'][number];
type Shown = ConnSnapshot & Partial<Pick<Entry, 'bucketOriginal' | 'bucketReply'>>;
const GRID = 'md:grid-cols-[60px_106px_minmax(0,1fr)_178px_84px]';

/** All flows of a host, the hash table that holds them, and what a line of `conntrack -L` says. */
export function ConntrackView({ host, onClose }: { readonly host: string; readonly onClose: () => void }) {
  const state = useHostState(host)?.conntrack;
  const current = useFlow(host)?.entry.id;
  const [text, setText] = useState('');
  const [picked, setPicked] = useState<number | null>(null);
  const all = useMemo<readonly Shown[]>(() => [...(state?.unconfirmed ?? []), ...(state?.entries ?? [])], [state]);
  const rows = useMemo(() => all.filter((e) => matches(e, text)), [all, text]);
  const chosen = all.find((e) => e.id === (picked ?? current)) ?? rows[0];
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal container={document.querySelector<HTMLElement>('dialog[open]') ?? document.body}>
        <Dialog.Overlay className="fixed inset-0 z-30 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-0 z-30 grid grid-rows-[minmax(0,1fr)_auto] bg-canvas md:top-12"
          data-testid="conntrack-view"
        >
          <div className="grid min-h-0 grid-cols-[minmax(0,1fr)] overflow-y-auto wide:grid-cols-[minmax(0,1fr)_572px] wide:overflow-visible">
            <section className="flex min-h-[240px] flex-col wide:min-h-0" aria-label="Flows" data-testid="ct-table">
              <div className="flex flex-wrap items-center gap-[10px] px-[18px] pt-[14px] pb-3">
                <Dialog.Title className="text-[24px] tracking-[-0.02em]">Conntrack</Dialog.Title>
                <span className="num text-[15px] text-t2">
                  {host}, {thin(state?.entries.length ?? 0)} {state?.entries.length === 1 ? 'flow' : 'flows'}
                </span>
                <span className="flex-1" />
                <input
                  type="search"
                  value={text}
                  onChange={(e) => setText(e.target.value)}
                  placeholder="Address, port, state"
                  aria-label="Search flows"
                  className="h-8 w-[190px] rounded-control border border-line-2 bg-card px-[10px] text-[13px] placeholder:text-t3 pointer-coarse:h-11"
                />
                <IconButton icon="close" label="Close" keys="Esc" onClick={onClose} />
              </div>
              <div
                className={cx('hidden gap-[10px] px-[18px] pb-[7px] font-semibold text-[12px] text-t3 md:grid', GRID)}
                aria-hidden="true"
              >
                <span>Proto</span>
                <span>State</span>
                <span>Original, then reply</span>
                <span>Status</span>
                <span>Timeout</span>
              </div>
              <Rows
                rows={rows}
                chosen={chosen?.id ?? -1}
                onPick={setPicked}
                none={text === '' ? 'No flows yet. They appear with the first packet.' : `No flow contains “${text}”.`}
              />
            </section>
            <aside
              className="border-line bg-panel px-[22px] py-[14px] wide:overflow-y-auto wide:border-l"
              aria-label="Hash table"
              data-testid="ct-buckets"
            >
              {state !== undefined && <Buckets state={state} chosen={chosen} onPick={setPicked} />}
            </aside>
          </div>
          {chosen !== undefined && <Anatomy entry={chosen} host={host} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function matches(entry: Shown, text: string): boolean {
  const { original, reply } = flowLines(entry);
  const words = [
    entry.protocol,
    entry.state ?? '',
    lineText(original),
    lineText(reply),
    ...flagsOf(entry).map((f) => f.text),
  ];
  return words.join(' ').toLowerCase().includes(text.trim().toLowerCase());
}

function Rows({
  rows,
  chosen,
  onPick,
  none,
}: {
  readonly rows: readonly Shown[];
  readonly chosen: number;
  readonly onPick: (id: number) => void;
  readonly none: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => 67,
    overscan: 8,
    getItemKey: (i) => `${rows[i]?.confirmed}/${rows[i]?.id}`,
  });
  if (rows.length === 0) return <p className="border-line border-t px-[18px] py-4 text-t2">{none}</p>;
  return (
    <div ref={box} className="min-h-0 flex-1 overflow-y-auto">
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((v) => {
          const entry = rows[v.index];
          if (entry === undefined) return null;
          const { original, reply } = flowLines(entry);
          const on = entry.id === chosen;
          return (
            <div
              key={v.key}
              ref={virtual.measureElement}
              data-index={v.index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${v.start}px)` }}
            >
              <button
                type="button"
                aria-pressed={on}
                onClick={() => onPick(entry.id)}
                data-testid="ct-full-row"
                className={cx(
                  'grid min-h-[66px] w-full items-center gap-x-[10px] gap-y-1 border-line border-t px-[18px] py-[6px] text-left -outline-offset-2 max-md:grid-cols-[60px_minmax(0,1fr)_84px] hover:bg-panel',
                  GRID,
                  on && 'bg-conntrack-w shadow-[inset_4px_0_0_var(--conntrack)]',
                  !entry.confirmed && 'border-dashed',
                )}
              >
                <b className="font-[620] text-[14px]">
                  {entry.protocol} {entry.family === 6 && <span className="font-medium text-[12px] text-t3">v6</span>}
                </b>
                <span className={cx('font-[650] text-[13px]', entry.state === 'ESTABLISHED' ? 'text-ok' : 'text-t2')}>
                  {entry.state ?? '–'}
                </span>
                <span className="min-w-0 max-md:order-last max-md:col-span-3">
                  <FlowLine line={original} className="text-[13.8px] tracking-[-0.01em]" />
                  <FlowLine line={reply} className="text-[13.8px] text-t2 tracking-[-0.01em]" />
                </span>
                <span className="flex flex-wrap gap-[5px] max-md:order-last max-md:col-span-3">
                  {!entry.confirmed && <Badge hue="conntrack">not confirmed</Badge>}
                  {flagsOf(entry).map((flag) => (
                    <Badge key={flag.text} {...(flag.hue === '' ? {} : { hue: flag.hue })}>
                      {flag.text}
                    </Badge>
                  ))}
                </span>
                <span className="flex items-center gap-2">
                  <Ring share={shareLeft(entry)} size={22} unconfirmed={!entry.confirmed} />
                  <span className="mono text-[13.5px]">{timeText(entry.timeLeft)}</span>
                </span>
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}

const COLUMNS = 32;
const CELLS = 512;

/** The table's buckets. A large table is shown as 512 cells, each for as many buckets as it takes. */
function Buckets({
  state,
  chosen,
  onPick,
}: {
  readonly state: HostState['conntrack'];
  readonly chosen: Shown | undefined;
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
            <g key={cell}>
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

function Anatomy({ entry, host }: { readonly entry: Shown; readonly host: string }) {
  const [told, setTold] = useState<string | null>(null);
  const copy = (): void => {
    navigator.clipboard.writeText(anatomyText(entry)).then(
      () => stores.notices.getState().say({ tone: 'ok', text: 'The line is on the clipboard.' }),
      () => stores.notices.getState().say({ tone: 'bad', text: 'The browser did not give access to the clipboard.' }),
    );
  };
  const remove = (): void => {
    const { original } = entry;
    const ports = original.sport === undefined ? '' : ` --sport ${original.sport} --dport ${original.dport}`;
    const command = `conntrack -D -p ${entry.protocol} -s ${original.src} -d ${original.dst}${ports}`;
    const { beats, beat } = stores.play.getState();
    const at = (beats[beat]?.userStep ?? stores.lab.getState().lab.steps.length - 1) + 1;
    stores.lab.getState().addStep({ run: { host, command } }, at);
    stores.notices.getState().say({
      tone: 'ok',
      text: `Step ${at + 1} deletes the flow: ${command}`,
      action: { label: 'Undo', run: () => stores.lab.getState().undo() },
    });
  };
  return (
    <section
      className="max-h-[45dvh] overflow-y-auto border-line border-t bg-panel px-[22px] pt-[14px] pb-[18px]"
      aria-label="What this line says"
      data-testid="ct-anatomy"
    >
      <div className="mb-3 flex flex-wrap items-center gap-[10px]">
        <h2 className="text-[18px]">What this line says</h2>
        <span className="mono text-[14px] text-t2">conntrack -L</span>
        <span className="flex-1" />
        <Button size="sm" onClick={copy}>
          Copy line
        </Button>
        <Button size="sm" data-testid="ct-delete" onClick={remove} title="Adds a step that deletes this flow">
          conntrack -D
        </Button>
      </div>
      <div className="flex flex-wrap items-start gap-x-[10px] gap-y-3">
        {anatomy(entry).map((token) => (
          <button
            type="button"
            key={token.key}
            aria-pressed={told === token.key}
            onClick={() => setTold(told === token.key ? null : token.key)}
            className={cx('min-w-0 max-w-full text-left', token.wide ? 'grow basis-[520px]' : 'max-w-[236px]')}
          >
            <span
              className={cx(
                'mono flex flex-wrap justify-between gap-x-4 rounded-card border bg-card px-[10px] py-[7px] font-semibold text-[15px]',
                token.wide ? 'border-conntrack' : 'border-line',
                told === token.key && 'bg-raised',
              )}
            >
              {token.words.map((word) => (
                <span key={word.text} className={cx('wrap-anywhere', word.changed && 'text-nat')}>
                  {word.text}
                </span>
              ))}
            </span>
            <span className="block px-[10px] pt-[5px] text-[13px] text-t2 leading-[1.35]">
              {token.wide && <b className="font-[620] text-t1">{token.key}: </b>}
              {token.says}
            </span>
          </button>
        ))}
      </div>
    </section>
  );
}
