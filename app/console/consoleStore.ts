import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AsyncEngine, Completion, Lab, LabStep } from '../../src/engine';
import type { Stores } from '../store';
import { EngineFault } from '../store';
import { followLive } from './live';
import { type Moment, momentAt } from './moment';

/** One command and what came of it. */
export interface Entry {
  readonly id: number;
  readonly command: string;
  /** `waiting`: for the run, or for the command before it; `live`: it goes on printing as the playhead moves. */
  readonly state: 'waiting' | 'done' | 'live' | 'refused';
  readonly output: string;
  readonly error: string;
  readonly exit: number;
  /** The step of the lab that the command became, by identity; null if it changed nothing. */
  readonly step: LabStep | null;
  /** Of a command that listens: where it began, and whether the playhead stands before that. */
  readonly since: Moment | null;
  readonly early: boolean;
  /** Of a command that listens: it has ended by itself, as the playhead stands; what it said when it began. */
  readonly over: boolean;
  readonly lead: string;
  /** The step has become part of the start of the lab. */
  readonly folded: boolean;
}

interface HostConsole {
  readonly entries: readonly Entry[];
  /** Commands as typed, oldest first. */
  readonly history: readonly string[];
  /** What is typed and not run yet. */
  readonly draft: string;
}

/** Consoles as plain data: a step is told by its place in the lab, -1 where it is no longer there. */
type KeptConsoles = Readonly<
  Record<string, Omit<HostConsole, 'entries'> & { readonly entries: readonly (Omit<Entry, 'id'> & { at: number })[] }>
>;

export interface ConsoleState {
  readonly hosts: Readonly<Record<string, HostConsole>>;
  readonly run: (host: string, line: string) => Promise<void>;
  /** Ends a command that listens; the last one of the host if none is named. True if there was one. */
  readonly stop: (host: string, id?: number) => boolean;
  readonly clear: (host: string) => void;
  readonly setDraft: (host: string, draft: string) => void;
  /** Prints a line that was given up: `^C`. */
  readonly giveUp: (host: string) => void;
  readonly markFolded: (step: LabStep) => void;
  readonly complete: (host: string, line: string, at: number) => Promise<readonly Completion[]>;
  /** What is to be kept over a reload; null if nothing was asked. */
  readonly keep: () => KeptConsoles | null;
  /** `lab` is the lab that it was kept of. */
  readonly restore: (kept: KeptConsoles, lab: Lab) => void;
  /** Forgets everything: another lab is on show. */
  readonly reset: () => void;
}

export type ConsoleStore = StoreApi<ConsoleState>;

export type ConsoleParts = Pick<Stores, 'lab' | 'run' | 'play' | 'view'> & {
  readonly engine: Pick<AsyncEngine, 'exec' | 'live' | 'complete'>;
};

export const EMPTY: HostConsole = { entries: [], history: [], draft: '' };

const DONE: Omit<Entry, 'id' | 'command'> = {
  state: 'done',
  output: '',
  error: '',
  exit: 0,
  step: null,
  since: null,
  early: false,
  over: false,
  lead: '',
  folded: false,
};

/** So many entries are kept of a host. */
const KEPT = 200;

/** The consoles of all hosts: what was asked, and what came of it. */
export function createConsole(parts: ConsoleParts): ConsoleStore {
  const { engine, lab, run, play, view } = parts;
  let next = 1;
  // One after the other: what a command changes is there for the one after it.
  let last: Promise<void> = Promise.resolve();

  const store = createStore<ConsoleState>()((set, get) => {
    const change = (host: string, edit: (console: HostConsole) => HostConsole): void =>
      set({ hosts: { ...get().hosts, [host]: edit(get().hosts[host] ?? EMPTY) } });
    const add = (host: string, entry: Omit<Entry, 'id'>): number => {
      const id = next++;
      change(host, (c) => ({ ...c, entries: [...c.entries, { ...entry, id }].slice(-KEPT) }));
      return id;
    };
    const update = (host: string, id: number, more: Partial<Entry>): void => {
      const there = get().hosts[host]?.entries.some((e) => e.id === id) === true;
      if (there) change(host, (c) => ({ ...c, entries: c.entries.map((e) => (e.id === id ? { ...e, ...more } : e)) }));
    };

    const perform = async (host: string, id: number, line: string): Promise<void> => {
      const { place, ...entry } = await outcomeOf(parts, host, line);
      update(host, id, entry);
      if (!entry.step) return;
      play.setState({ pendingStep: place, pendingAlone: true, playing: false });
      lab.getState().addStep(entry.step, place);
    };

    return {
      hosts: {},
      run: (host, text) => {
        const line = text.trim();
        if (line === '') return last;
        const { history } = get().hosts[host] ?? EMPTY;
        change(host, (c) => ({ ...c, draft: '', history: history.at(-1) === line ? history : [...history, line] }));
        if (line === 'clear' || line === 'exit') {
          if (line === 'clear') get().clear(host);
          else view.getState().closeConsole();
          return last;
        }
        if (line === 'history') {
          const { history: all } = get().hosts[host] ?? EMPTY;
          const output = all.map((l, i) => `${String(i + 1).padStart(5)}  ${l}\n`).join('');
          add(host, { ...DONE, command: line, output });
          return last;
        }
        const id = add(host, { ...DONE, state: 'waiting', command: line });
        last = last
          .then(() => perform(host, id, line))
          .catch((fault: unknown) => {
            update(host, id, { state: 'refused', error: faultText(fault) });
            // The new worker knows no lab.
            if (fault instanceof EngineFault) void run.getState().run(lab.getState().lab);
          });
        return last;
      },
      stop: (host, id) => {
        const entry = get().hosts[host]?.entries.findLast(
          (e) => e.state === 'live' && (id === undefined || e.id === id),
        );
        if (entry === undefined) return false;
        void live.end(host, entry);
        return true;
      },
      clear: (host) => change(host, (c) => ({ ...c, entries: c.entries.filter((e) => e.state === 'live') })),
      setDraft: (host, draft) => change(host, (c) => (c.draft === draft ? c : { ...c, draft })),
      giveUp: (host) => {
        const command = `${get().hosts[host]?.draft ?? ''}^C`;
        add(host, { ...DONE, command });
        get().setDraft(host, '');
      },
      markFolded: (step) => {
        for (const [host, c] of Object.entries(get().hosts))
          for (const e of c.entries) if (e.step === step) update(host, e.id, { folded: true });
      },
      complete: async (host, line, at) => {
        if ((await settled(parts)) !== null) return [];
        return engine.complete(play.getState().cursor, host, line, at).catch(() => []);
      },
      keep: () => keptOf(get().hosts, lab.getState().lab.steps),
      restore: (kept, { steps }) => {
        for (const [host, { entries, history, draft }] of Object.entries(kept)) {
          change(host, () => ({ entries: [], history, draft }));
          for (const { at, ...entry } of entries) add(host, { ...entry, step: steps[at] ?? entry.step });
        }
      },
      reset: () => set({ hosts: {} }),
    };
  });

  const live = followLive(parts, store);
  let { id, lab: shown } = lab.getState();
  lab.subscribe((now) => {
    // A copy of the same lab (another tab has changed it) keeps its consoles.
    if (now.id !== id && now.lab !== shown) store.getState().reset();
    id = now.id;
    shown = now.lab;
  });
  return store;
}

/** What comes of a command at the playhead; `place`: where its step goes, if it is one. */
async function outcomeOf(
  parts: ConsoleParts,
  host: string,
  line: string,
): Promise<Partial<Entry> & { readonly place: number }> {
  const { engine, lab, run, play } = parts;
  for (;;) {
    const problem = await settled(parts);
    if (problem !== null) return { state: 'refused', error: problem, place: -1 };
    finishStep(parts);
    const document = lab.getState().lab;
    if (document.hosts[host] === undefined)
      return { state: 'refused', error: `There is no host ${host} in this lab.`, place: -1 };
    const { cursor, beats, beat } = play.getState();
    const place = (run.getState().result?.events[cursor]?.userStep ?? -1) + 1;
    const result = await engine.exec(cursor, host, line);
    // Someone has edited the lab meanwhile: what was said is of another run.
    if (lab.getState().lab !== document) continue;
    const { output, error, exit } = result;
    const said = { output, error, exit, place };
    if (result.live) return { ...said, state: 'live', lead: error, since: momentAt(beats, beat, document.steps) };
    return { ...said, state: 'done', step: result.step ? { run: { host, command: line } } : null };
  }
}

/** Consoles without what does not outlive the page: what listens ends with it, what waits was not done. */
function keptOf(hosts: ConsoleState['hosts'], steps: readonly LabStep[]): KeptConsoles | null {
  const kept = Object.entries(hosts).map(([host, { entries, ...rest }]) => {
    const said = entries.flatMap(({ id: _, since: __, ...entry }) =>
      entry.state === 'waiting'
        ? []
        : {
            ...entry,
            since: null,
            state: entry.state === 'live' ? ('done' as const) : entry.state,
            at: entry.step === null ? -1 : steps.indexOf(entry.step),
          },
    );
    return [host, { ...rest, entries: said }] as const;
  });
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

/** Waits until the run on show is that of the lab on show. Null, or why that will not come. */
function settled({ lab, run }: ConsoleParts): Promise<string | null> {
  const judge = (): string | null | undefined => {
    const { status, lab: ran, problems } = run.getState();
    if (status === 'ready' && ran === lab.getState().lab) return null;
    if (status === 'invalid') return `This lab cannot be run, so nothing was done. ${problems[0] ?? ''}`;
    if (status === 'failed' || status === 'paused')
      return `The engine has stopped, so nothing was done. ${problems[0] ?? ''} Run the lab again, then repeat the command.`;
    return undefined;
  };
  return new Promise((resolve) => {
    const now = judge();
    if (now !== undefined) {
      resolve(now);
      return;
    }
    const stop = run.subscribe(() => {
      const then = judge();
      if (then === undefined) return;
      stop();
      resolve(then);
    });
  });
}

/** A command that is typed while the step of the one before still plays comes after all of that step. */
function finishStep({ play }: ConsoleParts): void {
  const { playing, stopAfter, beats, seekBeat } = play.getState();
  if (!playing || stopAfter === null) return;
  const end = beats.findLastIndex((b) => b.userStep === stopAfter);
  if (end >= 0) seekBeat(end);
}

function faultText(fault: unknown): string {
  const message = fault instanceof Error ? fault.message : String(fault);
  return `The engine stopped at this command, so nothing was done. The lab is loaded again. (${message})`;
}
