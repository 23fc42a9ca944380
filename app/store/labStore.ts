import { type TemporalState, temporal } from 'zundo';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Lab, LabHost, LabStep } from '../../src/engine';
import type { HostText } from './labView';

interface LabDocument {
  /** Identity in the browser's storage; a lab that was opened anew gets a new one. */
  readonly id: string;
  readonly lab: Lab;
}

interface LabActions {
  /** Opens another lab. Not undoable into the one before: the history starts anew. */
  readonly openLab: (lab: Lab, id: string) => void;
  /** Any edit of the lab as a whole. Undoable. */
  readonly setLab: (lab: Lab) => void;
  /** The same, of the lab as it is now; edits of one group that follow fast are undone together. */
  readonly editLab: (edit: (lab: Lab) => Lab, group?: string) => void;
  readonly editHost: (host: string, edit: (host: LabHost) => LabHost, group?: string) => void;
  /** Text as typed, also broken text. Changes of one text within 500 ms are one step of undo. */
  readonly setHostText: (host: string, member: HostText, text: string) => void;
  /** Inserts a step; at the end if `at` is left out. Returns its index. */
  readonly addStep: (step: LabStep, at?: number) => number;
  readonly removeStep: (index: number) => void;
  readonly moveStep: (from: number, to: number) => void;
  readonly replaceStep: (index: number, step: LabStep) => void;
  readonly setTitle: (title: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
}

export type LabState = LabDocument & LabActions;
type History = Pick<LabDocument, 'lab'>;

/** Edits of the same group that follow each other this fast (ms) are undone together. */
const TYPING_GROUP = 500;

export type LabStore = StoreApi<LabState> & { readonly temporal: StoreApi<TemporalState<History>> };

export function createLabStore(first: LabDocument, now: () => number = () => performance.now()): LabStore {
  let group = '';
  let last = Number.NEGATIVE_INFINITY;
  let nextGroup = '';

  const store: LabStore = createStore<LabState>()(
    temporal(
      (set, get) => {
        const edit = (change: (lab: Lab) => Lab, inGroup = ''): void => {
          const before = get().lab;
          const lab = change(before);
          if (lab === before) return;
          nextGroup = inGroup;
          set({ lab });
        };
        return {
          ...first,
          openLab: (lab, id) => {
            store.temporal.getState().pause();
            set({ lab, id });
            store.temporal.getState().resume();
            store.temporal.getState().clear();
            group = '';
          },
          setLab: (lab) => edit(() => lab),
          editLab: (change, inGroup) => edit(change, inGroup),
          editHost: (host, change, inGroup) =>
            edit((lab) => {
              const old = lab.hosts[host];
              if (old === undefined) return lab;
              const changed = change(old);
              return changed === old ? lab : { ...lab, hosts: { ...lab.hosts, [host]: changed } };
            }, inGroup),
          setHostText: (host, member, text) =>
            get().editHost(
              host,
              (h) => ((h[member] ?? '') === text ? h : { ...h, [member]: text }),
              `${host}/${member}`,
            ),
          addStep: (step, at) => {
            const index = Math.max(0, Math.min(at ?? get().lab.steps.length, get().lab.steps.length));
            edit((lab) => ({ ...lab, steps: lab.steps.toSpliced(index, 0, step) }));
            return index;
          },
          removeStep: (index) =>
            edit((lab) => (lab.steps[index] === undefined ? lab : { ...lab, steps: lab.steps.toSpliced(index, 1) })),
          moveStep: (from, to) =>
            edit((lab) => {
              const step = lab.steps[from];
              if (step === undefined || to < 0 || to >= lab.steps.length || from === to) return lab;
              return { ...lab, steps: lab.steps.toSpliced(from, 1).toSpliced(to, 0, step) };
            }),
          replaceStep: (index, step) =>
            edit(
              (lab) => (lab.steps[index] === undefined ? lab : { ...lab, steps: lab.steps.with(index, step) }),
              `step/${index}`,
            ),
          setTitle: (title) => edit((lab) => (lab.title === title ? lab : { ...lab, title }), 'title'),
          undo: () => {
            group = '';
            store.temporal.getState().undo();
          },
          redo: () => {
            group = '';
            store.temporal.getState().redo();
          },
        };
      },
      {
        limit: 500,
        partialize: (state): History => ({ lab: state.lab }),
        equality: (a, b) => a.lab === b.lab,
        handleSet: (record) => (past, replace, current, delta) => {
          const at = now();
          const same = nextGroup !== '' && nextGroup === group && at - last < TYPING_GROUP;
          group = nextGroup;
          last = at;
          nextGroup = '';
          // The state before the group's first edit is in the history already.
          if (!same) (record as (...args: readonly unknown[]) => void)(past, replace, current, delta);
        },
      },
    ),
  ) as LabStore;
  return store;
}
