import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunResult } from '../../src/engine';
import type { EventId } from '../../src/model';
import { type Beat, beatAt, beats as beatsOf } from './beats';

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const;

/** How the cursor came where it is: `step` moves the packet there, `jump` sets it down at once. */
type Motion = 'step' | 'jump';

export interface PlayState {
  readonly beats: readonly Beat[];
  /** Index of the beat that is shown; -1 before the first. */
  readonly beat: number;
  /** Event that the beat ends with: the state shown is that just after it. -1: the start. */
  readonly cursor: EventId;
  readonly motion: Motion;
  readonly playing: boolean;
  readonly speed: number;
  /** True while the playhead is dragged: nothing moves on its own. */
  readonly scrubbing: boolean;
  /** A step of the lab that starts to play as soon as a run has it. */
  readonly pendingStep: number | null;
  /** The step at whose end playing stops; null: the end of the run. The same for the step that is waited for. */
  readonly stopAfter: number | null;
  readonly pendingAlone: boolean;

  readonly setRun: (run: RunResult | null) => void;
  readonly play: () => void;
  readonly pause: () => void;
  readonly toggle: () => void;
  readonly setSpeed: (speed: number) => void;
  readonly faster: () => void;
  readonly slower: () => void;
  readonly next: () => void;
  /** The next beat, by a person: playing stops there. */
  readonly forward: () => void;
  readonly prev: () => void;
  readonly first: () => void;
  readonly last: () => void;
  readonly nextPacket: () => void;
  readonly prevPacket: () => void;
  /** Sets the playhead on a beat; nothing moves. */
  readonly seekBeat: (beat: number) => void;
  /** Sets the playhead on the beat that holds an event. */
  readonly seekEvent: (event: EventId) => void;
  /** To just before the first beat of a step. */
  readonly seekStep: (userStep: number) => void;
  /** `alone`: plays no further than to the end of the step. */
  readonly playStep: (userStep: number, alone?: boolean) => void;
  readonly setScrubbing: (on: boolean) => void;
}

export type PlayStore = StoreApi<PlayState>;

export function createPlayStore(): PlayStore {
  return createStore<PlayState>()((set, get) => {
    const go = (index: number, motion: Motion, more: Partial<PlayState> = {}): void => {
      const { beats } = get();
      const beat = Math.max(-1, Math.min(index, beats.length - 1));
      set({ beat, cursor: beats[beat]?.event ?? -1, motion, ...more });
    };
    /** First beat of the packet at `index`, by the order in which packets appear. */
    const packetStart = (index: number): number => {
      const { beats } = get();
      const packet = beats[index]?.packet;
      let i = index;
      while (i > 0 && beats[i - 1]?.packet === packet) i--;
      return i;
    };
    return {
      beats: [],
      beat: -1,
      cursor: -1,
      motion: 'jump',
      playing: false,
      speed: 1,
      scrubbing: false,
      pendingStep: null,
      stopAfter: null,
      pendingAlone: false,

      setRun: (run) => {
        const before = get();
        const beats = run === null ? [] : beatsOf(run);
        const pending = before.pendingStep;
        if (pending !== null && run !== null && beats.some((b) => b.userStep === pending)) {
          set({ beats, pendingStep: null, pendingAlone: false });
          get().playStep(pending, before.pendingAlone);
          return;
        }
        const beat = realign(before.beats, before.beat, beats);
        set({ beats, beat, cursor: beats[beat]?.event ?? -1, motion: 'jump', playing: before.playing && beat >= 0 });
      },
      play: () => {
        const { beat, beats } = get();
        if (beats.length === 0) return;
        if (beat >= beats.length - 1) go(0, 'jump');
        else if (beat < 0) go(0, 'step');
        set({ playing: true, stopAfter: null });
      },
      pause: () => set({ playing: false }),
      toggle: () => (get().playing ? get().pause() : get().play()),
      setSpeed: (speed) => set({ speed }),
      faster: () => set({ speed: SPEEDS.find((s) => s > get().speed) ?? get().speed }),
      slower: () => set({ speed: SPEEDS.findLast((s) => s < get().speed) ?? get().speed }),
      next: () => {
        if (get().beat < get().beats.length - 1) go(get().beat + 1, 'step');
        else set({ playing: false });
      },
      forward: () => {
        get().pause();
        get().next();
      },
      prev: () => go(get().beat - 1, 'step', { playing: false }),
      first: () => go(get().beats.length === 0 ? -1 : 0, 'jump', { playing: false }),
      last: () => go(get().beats.length - 1, 'jump', { playing: false }),
      nextPacket: () => {
        const { beat, beats } = get();
        const packet = beats[beat]?.packet;
        let i = beat + 1;
        while (i < beats.length && beats[i]?.packet === packet) i++;
        if (i < beats.length) go(i, 'jump', { playing: false });
      },
      prevPacket: () => {
        const { beat } = get();
        if (beat <= 0) return;
        const start = packetStart(beat);
        go(start < beat ? start : packetStart(start - 1), 'jump', { playing: false });
      },
      seekBeat: (beat) => go(beat, 'jump', { playing: false }),
      seekEvent: (event) => go(beatAt(get().beats, event), 'jump', { playing: false }),
      seekStep: (userStep) => {
        const index = get().beats.findIndex((b) => b.userStep === userStep);
        if (index >= 0) go(index, 'jump', { playing: false });
      },
      playStep: (userStep, alone = false) => {
        const index = get().beats.findIndex((b) => b.userStep === userStep);
        if (index < 0) set({ pendingStep: userStep, pendingAlone: alone });
        else go(index, 'jump', { playing: true, stopAfter: alone ? userStep : null });
      },
      setScrubbing: (scrubbing) => set(scrubbing ? { scrubbing, playing: false } : { scrubbing }),
    };
  });
}

/** Where the playhead goes when a lab was run again: the same thing happening to the same packet, else the nearest. */
function realign(old: readonly Beat[], index: number, beats: readonly Beat[]): number {
  const was = old[index];
  if (was === undefined) return -1;
  const same = beats.filter((b) => b.key === was.key);
  if (same.length > 0) {
    const nth = old.slice(0, index).filter((b) => b.key === was.key).length;
    return (same[Math.min(nth, same.length - 1)] as Beat).index;
  }
  const ofPacket = beats.filter((b) => b.packet === was.packet && b.userStep === was.userStep);
  const nth = old.slice(0, index).filter((b) => b.packet === was.packet && b.userStep === was.userStep).length;
  const near = ofPacket[Math.min(nth, ofPacket.length - 1)];
  return near?.index ?? Math.min(index, beats.length - 1);
}
