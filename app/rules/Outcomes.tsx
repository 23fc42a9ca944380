import { Suspense, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { EventId, Lab, RunResult } from '../../src/engine';
import { stores, useCanUndo, useLab, useRun } from '../store';
import {
  Button,
  byWords,
  CrossFade,
  cx,
  Glyph,
  type GlyphName,
  Icon,
  Kbd,
  later,
  shortcut,
  verdictClass,
  verdictOf,
} from '../ui';
import { compareRuns, firstDifference, type PacketChange, type RunChange } from './compare';
import { focusEditor } from './editorKeys';
import type { Lockout } from './lockout';
import { useLockout } from './useLockout';

/** A lab, and what came of it. */
export interface LabRun {
  readonly lab: Lab;
  readonly result: RunResult;
}

/** Entries that are shown; the others are counted. */
const SHOWN = 6;

const CompareDialog = later(() => import('./CompareDialog').then((m) => m.CompareDialog));

/** What the edit changes: every packet of the lab whose fate is another one than before the editor was opened. */
export function Outcomes({ host, before: start }: { readonly host: string; readonly before: LabRun | null }) {
  const before = start?.result ?? null;
  const after = useRun((s) => s.result);
  const [comparing, setComparing] = useState(false);
  const [unfolded, setUnfolded] = useState(false);
  const lockout = useLockout(host, start?.lab.hosts[host]);
  const edited = useRun((s) => s.lab !== start?.lab);
  const change = useMemo(
    () => (before === null || after === null ? null : compareRuns(before, after)),
    [before, after],
  );
  if (change === null || start === null || before === null || after === null) {
    return (
      <Strip>
        <p className="text-t2">The lab is running …</p>
      </Strip>
    );
  }
  const watch = (packet: PacketChange): void => watchFrom(packet, firstDifference(before, after, packet.packet));
  return (
    <Strip>
      <Head
        change={change}
        edited={edited}
        unfolded={unfolded}
        onUnfold={() => setUnfolded(!unfolded)}
        onCompare={() => setComparing(true)}
        onWatch={watch}
      />
      <Cards packets={change.packets} edited={edited} unfolded={unfolded} onWatch={watch} />
      {lockout !== null && <LockedOut host={host} lockout={lockout} />}
      {comparing && (
        <Suspense fallback={null}>
          <CompareDialog
            before={start}
            after={after}
            packets={change.packets.filter((p) => p.changed)}
            onWatch={watch}
            onClose={() => setComparing(false)}
          />
        </Suspense>
      )}
    </Strip>
  );
}

/** Plays the lab from where a packet goes another way, or its step where it goes none at all. */
function watchFrom(packet: PacketChange, difference: EventId): void {
  stores.view.getState().setOverlay(null);
  const play = stores.play.getState();
  if (difference < 0) {
    play.playStep(packet.step);
    return;
  }
  play.seekEvent(difference);
  stores.play.getState().play();
}

/** How many packets end differently, and what can be done about it. */
function Head({
  change,
  edited,
  unfolded,
  onUnfold,
  onCompare,
  onWatch,
}: {
  readonly change: RunChange;
  readonly edited: boolean;
  readonly unfolded: boolean;
  readonly onUnfold: () => void;
  readonly onCompare: () => void;
  readonly onWatch: (packet: PacketChange) => void;
}) {
  // What was done before the editor was opened is not undone here.
  const canUndo = useCanUndo() && edited;
  const undo = useRef<HTMLButtonElement>(null);
  // A button that can no longer be pressed loses the focus: the rule that is open has it then, or the editor.
  useLayoutEffect(() => {
    if (!canUndo && undo.current !== null && document.activeElement === undo.current) focusEditor(undo.current);
  }, [canUndo]);
  const steps = useLab((s) => s.lab.steps.length);
  const [first] = change.packets;
  const lead = first?.changed === true && first.after !== null ? first : null;
  return (
    <div className="mb-[11px] flex low:flex-wrap min-[900px]:flex-wrap max-[900px]:mb-1 [@media(max-height:800px)]:mb-2 items-center gap-x-3 gap-y-2 max-[700px]:gap-x-2">
      <h2 className="text-[18px] max-[900px]:text-[15px] max-[700px]:sr-only">
        {edited ? 'With this edit' : 'How the packets end'}
      </h2>
      <p
        className="min-w-0 text-[15px] text-t2 max-[900px]:text-[13px] max-[900px]:leading-[1.25]"
        aria-live="polite"
        data-testid="outcomes-summary"
      >
        {steps === 0
          ? 'No packets yet. Add one to see what the rules do.'
          : edited
            ? summaryOf(change)
            : 'See here what an edit changes for them.'}
      </p>
      <span className="flex-1" />
      {steps > 0 && (
        // Where the page is low, as when it is enlarged, the cards take its room only when they are asked for.
        <Button
          size="sm"
          icon={unfolded ? 'down' : 'up'}
          className="hidden! h-8! low:inline-flex!"
          aria-expanded={unfolded}
          data-testid="outcomes-unfold"
          onClick={onUnfold}
        >
          Packets
        </Button>
      )}
      <Button
        ref={undo}
        size="sm"
        className="h-8!"
        disabled={!canUndo}
        data-testid="edit-undo"
        onClick={() => stores.lab.getState().undo()}
      >
        Undo
        <span className="max-[900px]:hidden">
          <Kbd>{shortcut('Z')}</Kbd>
        </span>
      </Button>
      {change.changed > 0 && (
        <Button size="sm" className="h-8!" data-testid="compare" onClick={onCompare}>
          Compare
        </Button>
      )}
      {lead !== null && (
        <Button
          size="sm"
          tone="primary"
          icon="play"
          className="h-8!"
          data-testid={`watch-packet-${lead.packet}`}
          onClick={() => onWatch(lead)}
        >
          <span>
            Watch<span className="max-[700px]:sr-only"> packet {lead.packet}</span>
          </span>
        </Button>
      )}
    </div>
  );
}

function summaryOf({ packets, changed, steps }: RunChange): string {
  if (changed === 0) return steps === 1 ? 'the packet ends as before' : `all ${steps} packets end as before`;
  const cards = packets.filter((p) => p.changed).length;
  if (cards > changed) return `${cards} packets of ${changed === 1 ? 'one step' : `${changed} steps`} end differently`;
  const end = steps === 1 ? 'packet ends' : changed === 1 ? 'packets ends' : 'packets end';
  return `${changed} of ${steps} ${end} differently`;
}

function Cards({
  packets,
  edited,
  unfolded,
  onWatch,
}: {
  readonly packets: readonly PacketChange[];
  readonly edited: boolean;
  readonly unfolded: boolean;
  readonly onWatch: (packet: PacketChange) => void;
}) {
  const shown = packets.slice(0, packets.length > SHOWN ? SHOWN - 1 : SHOWN);
  const hidden = packets.slice(shown.length);
  return (
    <ul
      aria-label="Packets"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways where there is little room
      tabIndex={0}
      className={cx('m-0 flex list-none gap-3 overflow-x-auto p-0 pb-[2px]', !unfolded && 'low:hidden')}
    >
      {shown.map((packet) => (
        <Card key={`${packet.packet}/${packet.step}`} packet={packet} edited={edited} onWatch={() => onWatch(packet)} />
      ))}
      {hidden.length > 0 && (
        <li className="flex flex-none items-center px-2 text-t2">
          + {hidden.length} {hidden.every((p) => !p.changed) ? 'unchanged' : 'more'}
        </li>
      )}
    </ul>
  );
}

function LockedOut({ host, lockout }: { readonly host: string; readonly lockout: Lockout }) {
  return (
    <p
      role="alert"
      data-testid="lockout"
      className="mt-2 flex items-center gap-2 rounded-control border border-bad bg-bad-w px-3 py-[6px] text-[14px]"
    >
      <Icon name="warn" size={16} className="flex-none text-bad" />
      <span>
        SSH to <b>{host}</b> worked before this edit (by {lockout.interface}) and works by no interface now:{' '}
        {byWords(lockout.by)}. Whoever administers it from afar is locked out.
      </span>
    </p>
  );
}

/** At the lower edge of the editor. Its height is told, so that messages stand above its buttons. */
function Strip({ children }: { readonly children: React.ReactNode }) {
  const strip = useRef<HTMLElement>(null);
  useEffect(() => {
    const { style } = document.documentElement;
    const sizes = new ResizeObserver(() => style.setProperty('--strip', `${strip.current?.offsetHeight ?? 0}px`));
    if (strip.current !== null) sizes.observe(strip.current);
    return () => {
      sizes.disconnect();
      style.removeProperty('--strip');
    };
  }, []);
  return (
    <footer
      ref={strip}
      className="low:max-h-[40dvh] low:overflow-y-auto border-line border-t bg-panel px-[22px] pt-[14px] pb-4 max-[900px]:px-3 max-[900px]:py-2 [@media(max-height:800px)]:pt-2 [@media(max-height:800px)]:pb-2"
      data-testid="outcomes"
    >
      {children}
    </footer>
  );
}

const WASH: Readonly<Partial<Record<GlyphName, string>>> = {
  ok: 'border-ok bg-ok-w',
  bad: 'border-bad bg-bad-w',
  rej: 'border-rej bg-rej-w',
};

function Card({
  packet,
  edited,
  onWatch,
}: {
  readonly packet: PacketChange;
  readonly edited: boolean;
  readonly onWatch: () => void;
}) {
  const { before, after, changed } = packet;
  const now = after === null ? null : verdictOf(after);
  const was = before === null ? null : verdictOf(before);
  const where = now?.where ?? '';
  const more = changed ? [where && `now ${where}`, follows(packet)].filter(Boolean).join(' · ') : where;
  const face = (
    <>
      <span className="flex gap-2 whitespace-nowrap">
        <b className="font-[650] text-[15px]">{packet.title}</b>
        <span className="truncate text-[13.5px] text-t2">{packet.subtitle}</span>
      </span>
      <span className="mt-[7px] flex items-center gap-[7px] whitespace-nowrap text-[16px]">
        {now === null ? (
          <b className="text-t2">not sent</b>
        ) : (
          <>
            <Glyph name={now.glyph} size={20} className={verdictClass[now.glyph] ?? 'text-t2'} />
            <b className="font-bold">{now.word}</b>
          </>
        )}
        {changed ? (
          <span className="flex min-w-0 items-center gap-1 text-[14px] text-t2">
            was
            {was === null ? (
              ' not sent'
            ) : (
              <>
                <Glyph name={was.glyph} size={16} className={cx('mx-[2px]', verdictClass[was.glyph])} />
                <span className="truncate" title={`${was.word} ${was.where}`}>
                  {was.word} {was.where}
                </span>
              </>
            )}
          </span>
        ) : (
          edited && <span className="text-[14px] text-t2">unchanged</span>
        )}
      </span>
      {/* There in any case, so that nothing moves when a packet ends differently. */}
      <span className={cx('mt-1 block truncate text-[13px] text-t2', !changed && 'max-[900px]:hidden')} title={more}>
        {more || '\u00a0'}
      </span>
    </>
  );
  const wash = changed
    ? now === null
      ? 'border-line-2 bg-card'
      : (WASH[now.glyph] ?? 'border-line-2 bg-card')
    : 'border-line bg-card';
  return (
    <li
      className={cx('max-w-[460px] flex-[1_0_auto]', changed ? 'min-w-[320px]' : 'min-w-[190px]')}
      data-testid={`outcome-packet-${packet.packet}`}
      data-state={changed ? 'changed' : 'unchanged'}
    >
      <CrossFade of={JSON.stringify([now, was, changed])}>
        {changed && after !== null ? (
          <button
            type="button"
            title="Watch it, from where it goes another way"
            className={cx(
              'block w-full rounded-[12px] border-[1.5px] px-4 py-3 text-left hover:shadow-lift [@media(max-height:800px)]:py-2',
              wash,
            )}
            onClick={onWatch}
          >
            {face}
          </button>
        ) : (
          <div className={cx('rounded-[12px] border-[1.5px] px-4 py-3 [@media(max-height:800px)]:py-2', wash)}>
            {face}
          </div>
        )}
      </CrossFade>
    </li>
  );
}

function follows({ fewer, more }: PacketChange): string {
  const words = (n: number, what: string): string => `${n} further ${n === 1 ? 'packet' : 'packets'} ${what}`;
  return [
    more > 0 ? words(more, more === 1 ? 'follows' : 'follow') : '',
    fewer > 0 ? words(fewer, 'no longer sent') : '',
  ]
    .filter(Boolean)
    .join(', ');
}
