import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { stores, usePlay } from '../store';
import type { StepBeats } from './useStepBeats';
import { kindWords, placeWords } from './words';

/** The playhead as a slider: dragged with the pointer, moved with the keys, spoken by its place. */
export function Slider({
  view,
  near,
  scrolls = false,
  className,
  children,
}: {
  readonly view: StepBeats;
  /** The beat nearest to a place in the slider's content, -1 for none. */
  readonly near: (x: number) => number;
  /** True where a finger must be able to scroll sideways. */
  readonly scrolls?: boolean;
  readonly className: string;
  readonly children: ReactNode;
}) {
  const dragging = useRef(false);
  const scrubbing = usePlay((s) => s.scrubbing);
  const { beats, position, step } = view;
  const seek = (e: PointerEvent<HTMLDivElement>): void => {
    const to = near(e.clientX - e.currentTarget.getBoundingClientRect().left);
    const play = stores.play.getState();
    if (to >= 0 && to !== play.beat) play.seekBeat(to);
  };
  const end = (): void => {
    if (!dragging.current) return;
    dragging.current = false;
    stores.play.getState().setScrubbing(false);
  };
  const keys = (e: KeyboardEvent): void => {
    const play = stores.play.getState();
    const act: Readonly<Record<string, () => void>> = {
      ArrowRight: e.shiftKey ? play.nextPacket : play.next,
      ArrowUp: play.next,
      ArrowLeft: e.shiftKey ? play.prevPacket : play.prev,
      ArrowDown: play.prev,
      PageUp: play.nextPacket,
      PageDown: play.prevPacket,
      Home: play.first,
      End: play.last,
      ' ': play.toggle,
    };
    const run = act[e.key];
    if (run === undefined) return;
    e.preventDefault();
    if (e.key !== ' ') play.pause();
    run();
  };
  const now = beats[position - 1];
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`Events of step ${step + 1}`}
      aria-valuemin={0}
      aria-valuemax={beats.length}
      aria-valuenow={position}
      aria-valuetext={`${position} of ${beats.length}: ${placeWords(now)}${now === undefined ? '' : `, ${kindWords(now)}`}`}
      data-testid="timeline"
      data-state={scrubbing ? 'scrubbing' : 'idle'}
      className={className}
      style={{ touchAction: scrolls ? 'pan-x' : 'none' }}
      onPointerDown={(e) => {
        if (e.button !== 0 || beats.length === 0) return;
        dragging.current = true;
        e.currentTarget.setPointerCapture(e.pointerId);
        stores.play.getState().setScrubbing(true);
        seek(e);
      }}
      onPointerMove={(e) => {
        if (dragging.current) seek(e);
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onLostPointerCapture={end}
      onKeyDown={keys}
    >
      {children}
    </div>
  );
}
