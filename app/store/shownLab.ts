import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LabState, LabStore } from './labStore';
import type { RunState, RunStore } from './runStore';

/**
 * The lab as the page shows it. What is typed into a text, which shows it already, comes here with its run: the page
 * renders once for a key, and leaves the processor to the engine until then. Where the run is there at once, its outcomes
 * are painted first.
 */
export interface ShownLab {
  readonly store: StoreApi<LabState>;
  /** The run, for what shows it beside the lab: it comes here with the lab, after the outcomes. */
  readonly run: StoreApi<RunState>;
  /** Makes an edit of the lab that is typed. `inPlace`: the lines of the text are as many as before. */
  readonly typing: (edit: () => void, inPlace?: boolean) => void;
  /** Shows what was typed at once. */
  readonly settle: () => void;
}

/** Milliseconds after which what was typed no longer waits for its run. */
const LATEST = 60;

export function createShownLab(
  lab: LabStore,
  run: RunStore,
  afterPaint: (run: () => void) => void = (run) => run(),
): ShownLab {
  const store = createStore(() => lab.getState());
  const shownRun = createStore(() => run.getState());
  let isTyping = false;
  /** What a run says of lines fits the lines that are on show. */
  let fits = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = (): void => {
    clearTimeout(timer);
    timer = undefined;
    store.setState(lab.getState(), true);
    shownRun.setState(run.getState(), true);
  };
  lab.subscribe(() => {
    if (isTyping) timer ??= setTimeout(settle, LATEST);
    else settle();
  });
  run.subscribe((now) => {
    if (timer === undefined || now.status === 'running') shownRun.setState(now, true);
    else if (fits) afterPaint(() => timer !== undefined && settle());
    else settle();
  });
  return {
    store,
    run: shownRun,
    typing: (edit, inPlace = false) => {
      isTyping = true;
      fits = inPlace;
      try {
        edit();
      } finally {
        isTyping = false;
        fits = false;
      }
    },
    settle,
  };
}
