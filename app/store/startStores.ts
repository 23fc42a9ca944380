import type { Lab } from '../../src/engine';
import { startClock } from './clock';
import { firstHost, labTitle, viewOf } from './labView';
import { readKept } from './overReload';
import { isStoredLab, type LabArchive, type StoredLab, saveLab } from './persist';
import { routeOf, routeOfHash, routeToHash, stateOfRoute } from './route';
import { afterPaint, type Stores } from './stores';
import { dropUnsaved, keepUnsaved, takeUnsaved, type Unsaved } from './unsaved';
import { editorIsOpen } from './viewStore';

export interface SaveState {
  readonly status: 'saved' | 'saving' | 'unsaved';
}

/** Milliseconds after the last edit at which a lab is written to the browser's storage. */
const SAVE_AFTER = 400;
const CURRENT = 'hookline-lab';

/** Connects the stores with each other, with the browser's storage, the address bar and the frames. Called once. */
export async function startStores(
  stores: Stores,
  archive: LabArchive | null,
  fallback: () => Promise<Lab>,
): Promise<void> {
  followRun(stores);
  followPlayhead(stores);
  startClock(stores.play, {
    request: (callback) => requestAnimationFrame(callback),
    cancel: (handle) => cancelAnimationFrame(handle),
  });
  const stored = await restore(stores, archive);
  stores.lab.getState().openLab(stored?.lab ?? (await fallback()), stored?.id ?? newId());
  readKept(stores.lab);
  showFirst(stores);
  followAddress(stores);
  keepSaved(stores, archive, stored?.revision ?? 0, stored?.unsaved);
  if (stored?.suspect) {
    const why = 'The engine stopped with this lab before. It is shown, but not run.';
    stores.run.getState().hold(stores.lab.getState().lab, why);
  } else void stores.run.getState().run(stores.lab.getState().lab);
  stores.view.subscribe((now, before) => {
    if (now.overlay === before.overlay) return;
    if (now.overlay !== 'editor') stores.near.rest();
    else {
      stores.engine.warm();
      stores.near.warm(() => stores.lab.getState().lab);
    }
  });
  stores.lab.subscribe((now, before) => {
    if (now.id !== before.id) showFirst(stores);
    // What was said was said of the lab before. A copy of the same lab keeps it.
    if (now.id !== before.id && now.lab !== before.lab) stores.notices.setState({ notices: [] });
    else if (now.lab !== before.lab) stores.notices.getState().edited();
    if (now.lab !== before.lab) void stores.run.getState().run(now.lab);
  });
}

export function newId(): string {
  return crypto.randomUUID();
}

/** Milliseconds after which the graph of the lab before is gone, while another lab is opened. */
const OPENS = 150;

/** A new result gives new beats, and the questions about the moment start anew. */
function followRun({ run, play, view, lab }: Stores): void {
  // Another lab is told from its beginning; an edit leaves the playhead where it is.
  let opened = false;
  let slow: ReturnType<typeof setTimeout> | undefined;
  /** A result is there that the beats are not of yet. */
  let behind = false;
  const follow = (): void => {
    if (!behind) return;
    behind = false;
    const { result } = run.getState();
    play.getState().setRun(result);
    if (result === null) return;
    const names = result.hosts.map((h) => h.name);
    if (!names.includes(view.getState().host)) {
      view.setState({ host: firstHost(lab.getState().lab), followHost: true });
    }
  };
  lab.subscribe((now, before) => {
    if (now.id === before.id || now.lab === before.lab) return;
    opened = true;
    clearTimeout(slow);
    if (run.getState().result !== null) slow = setTimeout(() => run.getState().clear(), OPENS);
  });
  run.subscribe((now, before) => {
    if (now.status !== 'running') clearTimeout(slow);
    if (now.serial === before.serial) return;
    if (opened) play.getState().setRun(null);
    behind = true;
    // No beat is on show in the editor: a key is painted first there.
    if (!opened && editorIsOpen(view.getState())) afterPaint(follow);
    else follow();
    opened = false;
  });
  view.subscribe((now) => {
    if (behind && !editorIsOpen(now)) follow();
  });
}

function showFirst({ lab, view }: Stores): void {
  const { lab: now } = lab.getState();
  view.setState({
    host: firstHost(now),
    view: viewOf(now).view ?? 'host',
    followHost: true,
    selection: null,
    follow: true,
    family: 'auto',
  });
}

function followPlayhead({ run, play, moment, view }: Stores): void {
  const ask = (): void => {
    const { result, serial } = run.getState();
    if (result === null) return;
    const { beats, beat: index, cursor } = play.getState();
    const beat = beats[index];
    const step = beat === undefined ? undefined : result.steps[beat.userStep];
    moment.show({ serial, event: cursor, rule: beat?.rule ?? -1, from: step?.from ?? 0, to: step?.to ?? 0 });
    // A host at whose hooks nothing is registered has nothing to show that the packet's way here does not.
    const host = result.hosts.find((h) => h.name === beat?.host);
    if (host?.hooks.some((hook) => hook.functions.length > 0)) view.getState().followTo(host.name);
  };
  play.subscribe((now, before) => {
    if (now.cursor !== before.cursor || now.beats !== before.beats || now.beat !== before.beat) ask();
  });
}

/** What a person chooses goes into the history, so that Back undoes it; what follows the packet only replaces. */
function followAddress({ view }: Stores): void {
  // What the address asks for is no choice of its own: it adds nothing to the history.
  let applying = false;
  const apply = (): void => {
    const route = routeOfHash(location.hash);
    if (route === null) return;
    applying = true;
    view.setState(stateOfRoute(route, view.getState()));
    applying = false;
  };
  // Only a reload has a route in its address at the start; a host that is not in the lab is corrected after the run.
  if (routeOfHash(location.hash) !== null) {
    apply();
    view.setState({ followHost: true });
  } else if (location.hash === '') {
    // So that Back leads here, too.
    history.replaceState(null, '', routeToHash(routeOf(view.getState())));
  }
  addEventListener('popstate', apply);
  addEventListener('hashchange', apply);
  view.subscribe((state, then) => {
    const [now, before] = [routeOf(state), routeOf(then)];
    const opens = now.editor !== before.editor;
    if (!opens && now.view === before.view && now.host === before.host && now.tab === before.tab) return;
    const hash = routeToHash(now);
    if (hash === location.hash) return;
    const chosen = opens || now.view !== before.view || (now.host !== before.host && !state.followHost);
    if (chosen && !applying && before.host !== '') history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
  });
}

async function restore({ notices }: Stores, archive: LabArchive | null): ReturnType<typeof readLast> {
  try {
    return await readLast(notices, archive);
  } catch {
    notices
      .getState()
      .say({ tone: 'bad', text: 'The browser’s storage could not be read. The lab is kept in this tab only.' });
    return null;
  }
}

async function readLast(
  notices: Stores['notices'],
  archive: LabArchive | null,
): Promise<(Pick<StoredLab, 'id' | 'lab' | 'revision' | 'suspect'> & { readonly unsaved?: Unsaved }) | null> {
  if (archive === null) return null;
  const here = sessionStorage.getItem(CURRENT);
  const all = await archive.list();
  const sound = all.filter(isStoredLab).toSorted((a, b) => b.saved - a.saved);
  const mine = here === null ? undefined : all.find((r) => (r as { id?: unknown } | null)?.id === here);
  if (mine !== undefined && !isStoredLab(mine)) {
    notices
      .getState()
      .say({ tone: 'bad', text: 'The saved lab is damaged and was left as it is. Another one is on show.' });
  }
  const last = isStoredLab(mine) ? mine : null;
  const unsaved = takeUnsaved();
  // If another tab has written the same lab meanwhile, the next write finds that, and makes a copy.
  if (unsaved !== null && unsaved.id === here) {
    const { id, revision, lab } = unsaved;
    return { ...last, id, revision, lab, unsaved };
  }
  return last ?? sound[0] ?? null;
}

/**
 * Writes every edit to the browser's storage, a moment after it was made, and before the tab is hidden. `known`: the revision
 * there is; `unsaved`: the page that this tab had before was left with edits that may not have been written.
 */
function keepSaved(
  { lab, run, save, notices }: Stores,
  archive: LabArchive | null,
  known: number,
  unsaved: Unsaved | undefined,
): void {
  if (archive === null) {
    save.setState({ status: 'unsaved' });
    return;
  }
  /** What is written of the lab on show. Another lab that is opened has a record of its own. */
  let record = { id: lab.getState().id, revision: known };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> = Promise.resolve();
  let told = false;
  const page = { by: newId(), ...(unsaved === undefined ? {} : { after: unsaved.by }) };

  const write = async (into: typeof record, document: Lab, suspect: boolean): Promise<void> => {
    try {
      const { id, revision } = into;
      const stamp = { now: Date.now(), newId: newId(), suspect, ...page };
      const outcome = await saveLab(archive, { id, lab: document }, revision, stamp);
      const isOnShow = lab.getState().id === id;
      into.revision = outcome.revision;
      if (outcome.kind === 'forked') {
        into.id = outcome.id;
        const title = labTitle(document);
        if (isOnShow) lab.setState({ id: outcome.id });
        notices.getState().say({
          tone: 'info',
          text: isOnShow
            ? `Another tab changed “${title}” meanwhile. This tab goes on with a copy of its own.`
            : `Another tab changed “${title}” meanwhile. What was edited here is kept as a copy.`,
        });
      }
      if (!isOnShow) return;
      sessionStorage.setItem(CURRENT, into.id);
      if (lab.getState().lab !== document) return;
      save.setState({ status: 'saved' });
      dropUnsaved();
    } catch {
      save.setState({ status: 'unsaved' });
      if (!told)
        notices
          .getState()
          .say({ tone: 'bad', text: 'The browser did not save the lab. Save it as a file to keep it.' });
      told = true;
    }
  };
  const isSuspect = (): boolean => ['failed', 'paused'].includes(run.getState().status);
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const into = record;
    // What is written is the lab as it is when the write before has ended; if another was opened by then, as it was.
    const then = lab.getState().lab;
    writing = writing.then(() => write(into, into === record ? lab.getState().lab : then, isSuspect()));
  };
  sessionStorage.setItem(CURRENT, record.id);
  lab.subscribe((now, before) => {
    if (now.lab === before.lab) return;
    if (now.id !== before.id) {
      // An edit that was not written yet still is, into the lab that it was made in.
      if (timer !== undefined) {
        const into = record;
        const suspect = isSuspect();
        writing = writing.then(() => write(into, before.lab, suspect));
      }
      record = { id: now.id, revision: 0 };
    }
    save.setState({ status: 'saving' });
    clearTimeout(timer);
    timer = setTimeout(flush, SAVE_AFTER);
  });
  // A lab that makes the engine fail is marked, so that a reload shows it without running it.
  run.subscribe((now, before) => {
    if (now.status !== before.status && (now.status === 'failed' || before.status === 'failed')) flush();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && timer !== undefined) flush();
  });
  addEventListener('pagehide', () => {
    // Also while it is being written: what has not ended when the page goes may be undone.
    if (save.getState().status === 'saved') return;
    keepUnsaved({ ...record, by: page.by, lab: lab.getState().lab });
    if (timer !== undefined) flush();
  });
  if (unsaved === undefined) return;
  save.setState({ status: 'saving' });
  timer = setTimeout(flush, SAVE_AFTER);
}
