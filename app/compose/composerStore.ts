import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Lab, LabStep } from '../../src/engine';
import { inject, stores } from '../store';
import { composeStep } from './composeStep';
import { type Draft, EMPTY_DRAFT, type Field, type Problems } from './draft';
import { draftOfStep } from './draftOfStep';
import { asBefore, draftForPlace, targetFrom } from './prefill';

interface ComposerState {
  readonly draft: Draft;
  /** The step that is being edited, or null: a new one is composed. */
  readonly editing: number | null;
  /** The step that is edited was added for that: giving up takes it away again. */
  readonly fresh: boolean;
  readonly problems: Problems;
  /** Header fields are on show. */
  readonly open: boolean;
  /** The field for the target is to have the focus, as soon as it is there. */
  readonly focus: boolean;
}

/** What is in the composer. It outlives the pane, which comes and goes with the width of the page. */
export const composer = createStore<ComposerState>()(() => ({
  draft: EMPTY_DRAFT,
  editing: null,
  fresh: false,
  problems: {},
  open: false,
  focus: false,
}));

export const useComposer = <T>(select: (state: ComposerState) => T): T => useStore(composer, select);

const lab = (): Lab => stores.lab.getState().lab;

/** Puts what is typed into the draft. A field that had a problem is judged anew, others only when sent. */
export function change(more: Partial<Draft>): void {
  const { draft, problems } = composer.getState();
  const next = { ...draft, ...more };
  const before = Object.keys(problems) as Field[];
  if (before.length === 0) {
    composer.setState({ draft: next });
    return;
  }
  const judged = composeStep(next, lab());
  const still = judged.ok ? {} : judged.problems;
  composer.setState({
    draft: next,
    problems: Object.fromEntries(before.flatMap((f) => (still[f] === undefined ? [] : [[f, still[f]]]))),
  });
}

/** Judges one field, when it is left. */
export function judge(field: Field): void {
  const { draft, problems } = composer.getState();
  if (String(draft[field]).trim() === '') return;
  const judged = composeStep(draft, lab());
  const problem = judged.ok ? undefined : judged.problems[field];
  const { [field]: _, ...rest } = problems;
  composer.setState({ problems: problem === undefined ? rest : { ...rest, [field]: problem } });
}

/** Adds the step to the lab and plays it, or shows what is wrong. With a step being edited: replaces that. */
export function submit(): boolean {
  const { draft, editing } = composer.getState();
  const made = composeStep(draft, lab());
  if (!made.ok) {
    const hidden = Object.keys(made.problems).some((f) => f !== 'to' && f !== 'host');
    composer.setState({ problems: made.problems, ...(hidden ? { open: true } : {}) });
    return false;
  }
  composer.setState({ problems: {} });
  if (editing === null) inject(made.step);
  else {
    stores.play.setState({ pendingStep: editing, playing: false });
    stores.lab.getState().replaceStep(editing, made.step);
    cancel();
  }
  if (stores.view.getState().drawer === 'packets') stores.view.getState().setDrawer(null);
  return true;
}

/** Puts a step of the lab into the composer, to be changed. */
export function edit(index: number, step: LabStep, fresh = false): void {
  const draft = draftOfStep(step);
  composer.setState({
    draft,
    editing: index,
    fresh,
    problems: {},
    open: draft.preset === 'custom',
    focus: true,
  });
}

/** A person does not go on with the step that is edited. */
export function giveUp(): void {
  const { editing, fresh } = composer.getState();
  if (editing !== null && fresh) stores.lab.getState().removeStep(editing);
  cancel();
}

/** Leaves the step that is edited as it is; what sends packets stays in the fields. */
export function cancel(): void {
  const { draft } = composer.getState();
  const usual = draft.preset === 'wait' || draft.preset === 'command' ? start() : { ...draft, base: null };
  composer.setState({ editing: null, problems: {}, draft: usual });
}

/** What the composer offers in a lab that was just opened. */
export function start(): Draft {
  const now = lab();
  const first = now.steps.find((s) => 'connect' in s || 'ping' in s || 'udp' in s);
  if (first !== undefined) return { ...draftOfStep(first), base: null };
  const host = Object.keys(now.hosts)[0] ?? '';
  return { ...EMPTY_DRAFT, preset: 'ping', host, to: targetFrom(now, host).replace(/:80$/, '') };
}

/** Follows the lab and the page's requests. Called once; gives back how to end it. */
export function followRequests(): () => void {
  const reset = (): void => composer.setState({ draft: start(), editing: null, problems: {} });
  if (composer.getState().draft.host === '') reset();
  const stopLab = stores.lab.subscribe((now, before) => {
    if (now.id !== before.id) reset();
    const { draft, editing } = composer.getState();
    if (!(draft.host in now.lab.hosts)) reset();
    if (editing !== null && now.lab.steps[editing] !== draft.base) cancel();
  });
  const stopView = stores.view.subscribe((now, before) => {
    const request = now.composer;
    if (request === null || request.serial === before.composer?.serial) return;
    const { draft } = composer.getState();
    // N only goes to the composer; a send button, or a place, fills it in for where it is.
    const keep = request.place.at === 'host' && !request.send && draft.host in lab().hosts;
    if (!keep) {
      const filled = draftForPlace(lab(), request.host, request.place);
      composer.setState({ draft: asBefore(filled, draft.preset, lab()), editing: null, problems: {} });
    }
    if (request.send) {
      if (!submit()) stores.view.getState().setDrawer('packets');
    } else composer.setState({ focus: true });
  });
  return () => {
    stopLab();
    stopView();
  };
}
