import { Dialog } from 'radix-ui';
import { type CSSProperties, type KeyboardEvent, useMemo, useState } from 'react';
import type { HostState } from '../../src/engine';
import type { ConnSnapshot } from '../../src/model';
import { stores, useExplanation, useHostState, usePlay } from '../store';
import { Badge, counted, cx, Glyph, IconButton, Sentence, sentenceOf, VirtualRows } from '../ui';
import { Anatomy } from './AnatomyView';
import { FlowFlags, FlowLine, WhichFlows } from './ConntrackSummary';
import { Expected } from './Expected';
import { useFlowMotion, useFlowsAbout } from './flowMotion';
import type { Collision, Phase } from './flows';
import { HashTable } from './HashTable';
import { Ring } from './Ring';
import { useFlow } from './subject';
import { flagsOf, flowLines, lineText, shareLeft, timeText } from './tuples';

type Entry = HostState['conntrack']['entries'][number];
type Shown = ConnSnapshot & Partial<Pick<Entry, 'bucketOriginal' | 'bucketReply'>>;
const GRID = 'md:grid-cols-[60px_106px_minmax(0,1fr)_178px_84px]';
const NO_FLOWS: readonly Entry[] = [];

/** All flows of a host, the hash table that holds them, and what a line of `conntrack -L` says. */
export function ConntrackView({ host, onClose }: { readonly host: string; readonly onClose: () => void }) {
  const state = useHostState(host)?.conntrack;
  const current = useFlow(host)?.entry.id;
  const { step, mine, moved } = useFlowsAbout(host, state?.entries ?? NO_FLOWS);
  const motion = useFlowMotion(host);
  const [text, setText] = useState('');
  const [own, setOwn] = useState(false);
  const [picked, setPicked] = useState<number | null>(null);
  const all = useMemo<readonly Shown[]>(() => [...(state?.unconfirmed ?? []), ...(state?.entries ?? [])], [state]);
  const rows = useMemo(() => all.filter((e) => matches(e, text) && (!own || mine.has(e.id))), [all, text, own, mine]);
  const chosen = all.find((e) => e.id === (picked ?? current)) ?? rows[0];
  const keys = (e: KeyboardEvent): void => {
    if (e.target instanceof HTMLInputElement || e.shiftKey || e.altKey || e.metaKey || e.ctrlKey) return;
    if (e.key === 'ArrowRight') stores.play.getState().forward();
    else if (e.key === 'ArrowLeft') stores.play.getState().prev();
    else return;
    e.preventDefault();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal container={document.querySelector<HTMLElement>('dialog[open]') ?? document.body}>
        <Dialog.Overlay className="fixed inset-0 z-30 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          onKeyDown={keys}
          onOpenAutoFocus={(e) => {
            // Not the search: the arrow keys step at once, and no keyboard of a phone comes up.
            e.preventDefault();
            if (e.currentTarget instanceof HTMLElement) e.currentTarget.focus();
          }}
          style={{ '--speed': motion.speed } as CSSProperties}
          // Beside each other, each part scrolls by itself; below each other, all of them together.
          className="fixed inset-0 z-30 grid bg-canvas outline-none max-wide:overflow-y-auto md:top-12 wide:grid-rows-[minmax(0,1fr)_auto]"
          data-testid="conntrack-view"
        >
          <div className="grid wide:min-h-0 grid-cols-[minmax(0,1fr)] wide:grid-cols-[minmax(0,1fr)_clamp(440px,60vw-300px,572px)]">
            <section className="flex flex-col wide:min-h-0" aria-label="Flows" data-testid="ct-table">
              <div className="flex flex-wrap items-center gap-[10px] px-[18px] pt-[14px] pb-3">
                <Dialog.Title className="text-[24px] tracking-[-0.02em]">Conntrack</Dialog.Title>
                <span className="num text-[15px] text-t2">
                  {host}, {counted(state?.entries.length ?? 0, 'flow')}
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
                {step !== null && <WhichFlows step={step} own={own} testid="ct-view" onOwn={setOwn} />}
                <IconButton
                  icon="close"
                  label="Close"
                  keys="Esc"
                  className="max-md:absolute max-md:top-2 max-md:right-2"
                  onClick={onClose}
                />
              </div>
              <Now />
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
                phases={motion.phases}
                onPick={setPicked}
                none={
                  all.length === 0
                    ? 'No flows yet. They appear with the first packet.'
                    : text === ''
                      ? 'No packet of this step has had to do with a flow here.'
                      : `No flow contains “${text}”.`
                }
              >
                {motion.gone
                  .filter((e) => !all.some((other) => other.id === e.id))
                  .map((e) => (
                    <div key={e.id} className="flow-gone border-line border-t">
                      <FlowRow entry={e} phase="gone" />
                    </div>
                  ))}
              </Rows>
              <Moved list={moved} rows={rows} all={all} />
              {(state?.expectations.length ?? 0) > 0 && (
                <Expected list={state?.expectations ?? []} flows={state?.entries ?? []} />
              )}
            </section>
            <aside
              className="border-line bg-panel px-[22px] py-[14px] wide:overflow-y-auto wide:border-l"
              aria-label="Hash table"
              data-testid="ct-buckets"
            >
              {state !== undefined && (
                <HashTable state={state} chosen={chosen} phases={motion.phases} onPick={setPicked} />
              )}
            </aside>
          </div>
          {chosen !== undefined && <Anatomy entry={chosen} host={host} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The event on show, and the way to the next: the table is live. */
function Now() {
  const explanation = useExplanation();
  const atStart = usePlay((s) => s.beat <= 0);
  const atEnd = usePlay((s) => s.beat >= s.beats.length - 1);
  return (
    <div className="flex items-center gap-1 px-[12px] pb-3">
      <IconButton
        icon="stepBack"
        label="Back"
        keys="←"
        disabled={atStart}
        data-testid="ct-back"
        onClick={() => stores.play.getState().prev()}
      />
      <IconButton
        icon="stepForward"
        label="Forward"
        keys="→"
        disabled={atEnd}
        data-testid="ct-forward"
        onClick={() => stores.play.getState().forward()}
      />
      <p className="min-w-0 flex-1 text-[13.5px] text-t2" aria-live="polite" data-testid="ct-now">
        {explanation === null ? '' : <Sentence parts={sentenceOf(explanation)} />}
      </p>
    </div>
  );
}

/** Which flows could not keep their port, and on whose account. */
function Moved({
  list,
  rows,
  all,
}: {
  readonly list: readonly Collision[];
  readonly rows: readonly Shown[];
  readonly all: readonly Shown[];
}) {
  const shown = list.filter((m) => rows.some((e) => e.id === m.id)).slice(0, 4);
  if (shown.length === 0) return null;
  const name = (id: number | null): string => {
    const row = rows.findIndex((e) => e.id === id);
    const flow = all.find((e) => e.id === id);
    return row >= 0 ? `row ${row + 1}` : flow === undefined ? '' : lineText(flowLines(flow).original);
  };
  return (
    <div className="border-line border-t px-[18px] py-[10px]" data-testid="ct-collisions">
      {shown.map((m) => (
        <p key={m.id} className="flex items-start gap-2 py-[2px] text-[13.5px] text-t2">
          <Glyph name="nat" size={16} className="mt-[2px] text-nat" />
          <span>
            {name(m.id).replace(/^r/, 'R')} got port {m.given}, because{' '}
            {m.holder === null ? `another flow held ${m.wanted}` : `${name(m.holder)} already holds ${m.wanted}`}{' '}
            towards the same {m.side === 'src' ? 'server' : 'client'}.
          </span>
        </p>
      ))}
    </div>
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
  phases,
  onPick,
  none,
  children,
}: {
  readonly rows: readonly Shown[];
  readonly chosen: number;
  readonly phases: ReadonlyMap<number, Phase>;
  readonly onPick: (id: number) => void;
  readonly none: string;
  /** Rows of flows that are just going. */
  readonly children: readonly React.ReactNode[];
}) {
  return (
    <div data-scrolls="" className="relative min-h-[220px] flex-1 overflow-y-auto max-wide:max-h-[60dvh] wide:min-h-0">
      {children}
      {rows.length === 0 && children.length === 0 && (
        <p className="border-line border-t px-[18px] py-4 text-t2">{none}</p>
      )}
      <VirtualRows rows={rows} keyOf={(e) => `${e.confirmed}/${e.id}`} size={67} overscan={8}>
        {(entry) => {
          const on = entry.id === chosen;
          const phase = phases.get(entry.id);
          return (
            <button
              type="button"
              aria-pressed={on}
              onClick={() => onPick(entry.id)}
              data-testid="ct-full-row"
              className={cx(
                'block w-full border-line border-t text-left -outline-offset-2 hover:bg-panel',
                on && 'bg-conntrack-w shadow-[inset_4px_0_0_var(--conntrack)]',
                !entry.confirmed && 'border-dashed',
                phase !== undefined && 'flow-changed',
              )}
            >
              <FlowRow entry={entry} phase={phase} />
            </button>
          );
        }}
      </VirtualRows>
    </div>
  );
}

function FlowRow({ entry, phase }: { readonly entry: Shown; readonly phase: Phase | undefined }) {
  const { original, reply } = flowLines(entry);
  return (
    <span
      className={cx(
        'grid min-h-[66px] w-full items-center gap-x-[10px] gap-y-1 px-[18px] py-[6px] max-md:grid-cols-[60px_minmax(0,1fr)_84px]',
        GRID,
      )}
    >
      <b className="font-[620] text-[14px]">
        {entry.protocol} {entry.family === 6 && <span className="font-medium text-[12px] text-t3">v6</span>}
      </b>
      <span
        className={cx('font-[650] text-[13px] wrap-anywhere', entry.state === 'ESTABLISHED' ? 'text-ok' : 'text-t2')}
      >
        {entry.state ?? '–'}
      </span>
      <span className="min-w-0 max-md:order-last max-md:col-span-3">
        <FlowLine line={original} className="text-[13.8px] tracking-[-0.01em]" />
        <FlowLine line={reply} className="text-[13.8px] text-t2 tracking-[-0.01em]" />
      </span>
      <span className="flex flex-wrap gap-[5px] max-md:order-last max-md:col-span-3">
        {!entry.confirmed && <Badge hue="conntrack">not confirmed</Badge>}
        <FlowFlags entry={entry} />
      </span>
      <span className="flex items-center gap-2">
        <Ring share={shareLeft(entry)} size={22} unconfirmed={!entry.confirmed} phase={phase} />
        <span className="mono text-[13.5px]" title={`of ${timeText(entry.timeSpan)}`}>
          {timeText(entry.timeLeft)}
        </span>
      </span>
    </span>
  );
}
