import { Dialog } from 'radix-ui';
import { Fragment, useEffect, useMemo, useRef, useState } from 'react';
import type { Explanation, RunResult } from '../../src/engine';
import { type Beat, spareEngine, stores } from '../store';
import { Button, cx, Glyph, IconButton, Modal, Sentence, sentenceOf, verdictClass, verdictOf } from '../ui';
import { alignStep, firstDifferent, type Row } from './align';
import type { PacketChange } from './compare';
import type { LabRun } from './Outcomes';

/** Events before the first difference that are shown; the others are counted. */
const LEAD = 3;

interface Props {
  readonly before: LabRun;
  readonly after: RunResult;
  /** Those that end differently. */
  readonly packets: readonly PacketChange[];
  readonly onWatch: (packet: PacketChange) => void;
  readonly onClose: () => void;
}

/** The story of a packet before and after the edit, side by side, aligned where they part. */
export function CompareDialog({ before, after, packets, onWatch, onClose }: Props) {
  const steps = [...new Map(packets.map((p) => [p.step, p])).values()];
  const [chosen, choose] = useState(steps[0]?.step ?? 0);
  const packet = steps.find((p) => p.step === chosen) ?? steps[0];
  useEffect(() => {
    if (packet === undefined) onClose();
  }, [packet, onClose]);
  if (packet === undefined) return null;
  return (
    <Modal
      testid="compare-dialog"
      onClose={onClose}
      className="inset-[3dvh_max(12px,3vw)] mx-auto max-w-[1320px] outline-none"
    >
      <header className="flex flex-none flex-wrap items-center gap-x-3 gap-y-2 px-5 pt-4 pb-3 max-[700px]:px-3">
        <Dialog.Title className="text-[18px]">Before and after</Dialog.Title>
        {steps.length > 1 ? (
          <select
            className="h-9 min-w-0 max-w-full rounded-control border border-line-2 bg-card px-2 text-[14px]"
            aria-label="Packet"
            value={chosen}
            onChange={(e) => choose(Number(e.target.value))}
          >
            {steps.map((p) => (
              <option key={p.step} value={p.step}>
                Packet {p.step + 1}: {p.title} {p.subtitle}
              </option>
            ))}
          </select>
        ) : (
          <span className="min-w-0 truncate text-[15px] text-t2">
            <b className="text-t1">{packet.title}</b> {packet.subtitle}
          </span>
        )}
        <span className="flex-1" />
        {packet.after !== null && (
          <Button size="sm" tone="primary" icon="play" onClick={() => onWatch(packet)}>
            Watch it
          </Button>
        )}
        <IconButton icon="close" label="Close" keys="Esc" className="ml-auto" onClick={onClose} />
      </header>
      <Story key={chosen} before={before} after={after} step={packet.step} />
    </Modal>
  );
}

function Story({ before, after, step }: Pick<Props, 'before' | 'after'> & { readonly step: number }) {
  const rows = useMemo(() => alignStep(before.result, after, step), [before, after, step]);
  const said = useSentences(before, after, step);
  const first = firstDifferent(rows);
  const [all, setAll] = useState(false);
  const from = all ? 0 : Math.max(0, first - LEAD);
  const mark = useRef<HTMLLIElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: unfolding puts the first difference elsewhere
  useEffect(() => {
    mark.current?.scrollIntoView({ block: 'nearest' });
  }, [all]);
  return (
    <>
      <div className="grid flex-none grid-cols-2 gap-x-4 border-line border-y bg-card px-5 py-3 max-[700px]:px-3">
        <End label="Before" run={before.result} step={step} />
        <End label="After" run={after} step={step} />
        <Trays rows={rows} first={first} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <section tabIndex={0} aria-label="Events" className="min-h-0 flex-1 overflow-y-auto px-5 py-3 max-[700px]:px-3">
        {from > 0 && (
          <button
            type="button"
            className="mb-2 w-full rounded-control border border-line bg-card py-2 text-[13.5px] text-t2 hover:text-t1"
            data-testid="compare-unfold"
            onClick={() => setAll(true)}
          >
            {from} {from === 1 ? 'event is' : 'events are'} the same before that. Show {from === 1 ? 'it' : 'them'}
          </button>
        )}
        <ol className="m-0 flex list-none flex-col gap-[6px] p-0">
          {rows.slice(from).map((row, n) => {
            const index = from + n;
            return (
              <Fragment key={`${row.before?.index ?? '-'}/${row.after?.index ?? '-'}`}>
                {index === first && (
                  <li
                    ref={mark}
                    className="flex items-center gap-3 pt-2 pb-1 font-semibold text-[13px] text-packet-text"
                  >
                    <span className="h-[2px] flex-1 bg-packet" />
                    First difference
                    <span className="h-[2px] flex-1 bg-packet" />
                  </li>
                )}
                <li
                  className="grid grid-cols-2 gap-x-4 max-[700px]:gap-x-2"
                  data-testid={`compare-row-${index}`}
                  data-state={row.same ? 'same' : 'different'}
                >
                  <Cell beat={row.before} same={row.same} side="Before" sentence={said.before} run={before.result} />
                  <Cell beat={row.after} same={row.same} side="After" sentence={said.after} run={after} />
                </li>
              </Fragment>
            );
          })}
        </ol>
      </section>
    </>
  );
}

/** How the step ends in a run. */
function End({ label, run, step }: { readonly label: string; readonly run: RunResult; readonly step: number }) {
  const outcome = run.steps[step]?.outcome;
  const verdict = outcome && verdictOf(outcome);
  return (
    <p
      className="flex min-w-0 flex-wrap items-center gap-x-2 text-[15px]"
      data-testid={`compare-${label.toLowerCase()}`}
    >
      <span className="w-[54px] text-t2">{label}</span>
      {verdict ? (
        <>
          <Glyph name={verdict.glyph} size={20} className={verdictClass[verdict.glyph] ?? 'text-t2'} />
          <b>{verdict.word}</b>
          <span className="min-w-0 text-[13.5px] text-t2 wrap-anywhere">{verdict.where}</span>
        </>
      ) : (
        <b className="text-t2">not sent</b>
      )}
    </p>
  );
}

/** Both timelines, event under event; what is in one only has a gap in the other. */
function Trays({ rows, first }: { readonly rows: readonly Row[]; readonly first: number }) {
  const step = rows.length > 60 ? 12 : 18;
  const width = rows.length * step + 8;
  return (
    <section
      className="col-span-2 mt-2 overflow-x-auto"
      aria-label={`Timelines that part at event ${first + 1}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways where there is little room
      tabIndex={0}
    >
      <svg width={width} height={56} aria-hidden="true" className="block">
        {(['before', 'after'] as const).map((side, n) => {
          const y = 14 + n * 28;
          const here = rows.flatMap((row, i) => (row[side] ? [i] : []));
          const last = here.at(-1) ?? 0;
          return (
            <g key={side}>
              <path d={`M4 ${y}H${last * step + step / 2 + 4}`} stroke="var(--line-2)" strokeWidth="2" />
              {here.map((i) => {
                const { glyph, hue } = rows[i]![side]!;
                const size = rows[i]!.same ? 8 : 14;
                const color = hue === '' ? 'var(--t3)' : `var(--${hue}, var(--t3))`;
                return (
                  <g key={i} transform={`translate(${i * step + step / 2 + 4 - size / 2} ${y - size / 2})`}>
                    {rows[i]!.same ? (
                      <circle cx={size / 2} cy={size / 2} r="3.4" fill={color} />
                    ) : (
                      <g style={{ color }}>
                        <circle cx={size / 2} cy={size / 2} r={size / 2 + 1} fill="var(--card)" />
                        <Glyph name={glyph} size={size} />
                      </g>
                    )}
                  </g>
                );
              })}
            </g>
          );
        })}
        {first >= 0 && (
          <path
            d={`M${first * step + 4} 0V56`}
            stroke="var(--packet)"
            strokeWidth="2"
            strokeDasharray="4 3"
            data-testid="compare-parting"
          />
        )}
      </svg>
    </section>
  );
}

function Cell({
  beat,
  same,
  side,
  sentence,
  run,
}: {
  readonly beat: Beat | null;
  readonly same: boolean;
  readonly side: string;
  readonly sentence: ((beat: Beat) => Explanation | undefined) | null;
  readonly run: RunResult;
}) {
  if (beat === null)
    return (
      <div className="rounded-card border border-line border-dashed">
        <span className="sr-only">{side}: nothing</span>
      </div>
    );
  const explanation = sentence?.(beat);
  const color = beat.hue === '' ? 'var(--t3)' : `var(--${beat.hue}, var(--t3))`;
  const host = run.hosts.find((h) => h.name === beat.host)?.title ?? beat.host;
  return (
    <div
      className={cx(
        'flex min-w-0 gap-[10px] rounded-card border px-3 py-2 max-[700px]:gap-2 max-[700px]:px-2',
        same ? 'border-line' : 'border-line-2 bg-card',
        // Where there is little room, what is equal is said once.
        same && (side === 'Before' ? 'max-[700px]:col-span-2' : 'max-[700px]:hidden'),
      )}
    >
      <span className="flex-none pt-[2px]" style={{ color }}>
        <Glyph name={beat.glyph} size={16} />
      </span>
      <div className={cx('min-w-0 text-[14px]', same && 'text-t2')}>
        <span className="block text-[12.5px] text-t3">
          {host}
          {beat.packet === '' ? '' : ` · packet ${beat.packet}`}
        </span>
        {explanation ? <Sentence parts={sentenceOf(explanation)} /> : '…'}
      </div>
    </div>
  );
}

type Asked = Readonly<Record<'before' | 'after', ((beat: Beat) => Explanation | undefined) | null>>;

/** The sentences of both runs. The run before the edit is loaded into an engine of its own, which goes with the dialog. */
function useSentences(before: LabRun, after: RunResult, step: number): Asked {
  const [asked, setAsked] = useState<Asked>({ before: null, after: null });
  useEffect(() => {
    let current = true;
    const spare = spareEngine();
    const take = (side: keyof Asked, from: number, list: readonly Explanation[]): void => {
      if (current) setAsked((old) => ({ ...old, [side]: (beat: Beat) => list[beat.say - from] }));
    };
    const rangeOf = (run: RunResult) => run.steps[step] ?? { from: 0, to: 0 };
    const ask = async (): Promise<void> => {
      const now = rangeOf(after);
      take('after', now.from, await stores.engine.explain(now.from, now.to));
      await spare.load(before.lab);
      const old = rangeOf(before.result);
      take('before', old.from, await spare.explain(old.from, old.to));
    };
    // A newer run overtakes the questions about this one: the dialog then asks anew.
    ask().catch(() => {});
    return () => {
      current = false;
      spare.dispose();
    };
  }, [before, after, step]);
  return asked;
}
