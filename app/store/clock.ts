import { paceOf } from './pace';
import type { PlayStore } from './playStore';

/** Frames, as the browser gives them; a fake in tests. */
interface Frames {
  readonly request: (callback: (now: number) => void) => number;
  readonly cancel: (handle: number) => void;
}

/** Moves the playhead while `playing`: one beat after the other, each as long as its pace says. Ends with the run, or with the step that plays alone. */
export function startClock(play: PlayStore, frames: Frames): () => void {
  let handle: number | null = null;
  let beatSince = Number.NaN;
  let beat = -2;

  const tick = (now: number): void => {
    const state = play.getState();
    if (!state.playing) {
      handle = null;
      beatSince = Number.NaN;
      return;
    }
    if (Number.isNaN(beatSince) || state.beat !== beat) {
      beat = state.beat;
      beatSince = now;
    }
    const current = state.beats[state.beat];
    const stay = current === undefined ? 0 : paceOf(current.kind).stay / state.speed;
    if (now - beatSince >= stay) {
      const next = state.beats[state.beat + 1];
      const done = next === undefined || (state.stopAfter !== null && next.userStep !== state.stopAfter);
      if (done) state.pause();
      else state.next();
    }
    handle = frames.request(tick);
  };
  const stop = play.subscribe((state) => {
    if (state.playing && handle === null) handle = frames.request(tick);
  });
  return () => {
    stop();
    if (handle !== null) frames.cancel(handle);
  };
}
