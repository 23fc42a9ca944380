import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Lab, LabStep } from '../../src/engine';
import { createEngineClient, type EngineClient, type WorkerLike } from './engineClient';
import { createLabStore, type LabStore } from './labStore';
import { createMomentStore } from './momentStore';
import { createNear, type Near } from './near';
import { createNoticeStore, type NoticeStore } from './noticeStore';
import { createPlayStore, type PlayStore } from './playStore';
import { createRunStore, type RunStore } from './runStore';
import { createShownLab, type ShownLab } from './shownLab';
import type { SaveState } from './startStores';
import { createViewStore, type Preferences, type ThemeChoice, type ViewStore } from './viewStore';

export interface Stores {
  readonly engine: EngineClient;
  readonly near: Near;
  readonly lab: LabStore;
  readonly shown: ShownLab;
  readonly run: RunStore;
  readonly play: PlayStore;
  readonly view: ViewStore;
  readonly moment: ReturnType<typeof createMomentStore>;
  readonly notices: NoticeStore;
  readonly save: StoreApi<SaveState>;
}

export const EMPTY_LAB: Lab = { format: 'lab/1', name: 'lab', hosts: {}, steps: [] };

/** Milliseconds after which what explains the graph no longer waits for it. */
const LATEST = 10_000;

/** What waits for the graph to be seen for the first time; null when it is. */
let waiting: (() => void)[] | null = [];

/** The graph is on show: what explains it may load, as soon as it is painted. */
export function graphShown(): void {
  const all = waiting ?? [];
  waiting = null;
  for (const run of all) afterPaint(run);
}

/** Calls when the next frame has been painted, or soon if the page is not in view; the first time when the graph is seen. */
export function afterPaint(run: () => void): void {
  let done = false;
  const once = (): void => {
    if (!done) run();
    done = true;
  };
  if (waiting !== null) {
    waiting.push(once);
    setTimeout(once, LATEST);
    return;
  }
  requestAnimationFrame(() => setTimeout(once, 0));
  setTimeout(once, 100);
}

function createStores(engine: EngineClient, preferences: Preferences): Stores {
  const lab = createLabStore({ id: '', lab: EMPTY_LAB });
  const near = createNear(afterPaint);
  const run = createRunStore(engine, () => performance.now(), near.run);
  return {
    engine,
    near,
    lab,
    shown: createShownLab(lab, run, afterPaint),
    run,
    play: createPlayStore(),
    view: createViewStore(preferences),
    moment: createMomentStore(engine, afterPaint, () => run.getState().status === 'running'),
    notices: createNoticeStore(),
    save: createStore<SaveState>()(() => ({ status: 'saved' })),
  };
}

const PREFERENCES = 'hookline-preferences';

function readPreferences(): Preferences {
  const defaults: Preferences = { theme: 'system', singleKeys: true };
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFERENCES) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return defaults;
    const { theme, singleKeys } = stored as Record<string, unknown>;
    const themes: readonly ThemeChoice[] = ['dark', 'light', 'system'];
    return { theme: themes.find((t) => t === theme) ?? 'system', singleKeys: singleKeys !== false };
  } catch {
    return defaults; // no storage, or damaged: the preferences are only that
  }
}

export function keepPreferences(view: ViewStore): void {
  view.subscribe((now, before) => {
    if (now.theme === before.theme && now.singleKeys === before.singleKeys) return;
    try {
      localStorage.setItem(PREFERENCES, JSON.stringify({ theme: now.theme, singleKeys: now.singleKeys }));
    } catch {
      // Storage is full or forbidden: the choice holds for this visit.
    }
  });
}

function startWorker(): WorkerLike {
  return new Worker(new URL('../../src/engine/worker.ts', import.meta.url), {
    type: 'module',
    name: 'hookline-engine',
  });
}

/** One more engine, for questions about a run that is not the page's. To be disposed of. */
export const spareEngine = (): EngineClient => createEngineClient(startWorker);

/** The stores of this page. */
export const stores: Stores = createStores(createEngineClient(startWorker, undefined, afterPaint), readPreferences());

/** Puts a packet in: adds the step after the one on show, and plays it as soon as it has run. */
export function inject(step: LabStep, { lab, play }: Stores = stores): void {
  const { beats, beat } = play.getState();
  const after = beats[beat]?.userStep;
  const at = after === undefined ? lab.getState().lab.steps.length : after + 1;
  play.setState({ pendingStep: at, playing: false });
  lab.getState().addStep(step, at);
}
