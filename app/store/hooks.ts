import { useStore } from 'zustand';
import type { Explanation, HostState, HostView } from '../../src/engine';
import type { TraceEvent } from '../../src/model';
import type { Beat } from './beats';
import type { LabState } from './labStore';
import type { MomentState } from './momentStore';
import type { NoticeState } from './noticeStore';
import type { PlayState } from './playStore';
import type { RunState } from './runStore';
import type { SaveState } from './startStores';
import { stores } from './stores';
import type { ViewState } from './viewStore';

export const useLab = <T>(select: (state: LabState) => T): T => useStore(stores.shown.store, select);
export const useRun = <T>(select: (state: RunState) => T): T => useStore(stores.run, select);
/** The run beside the lab that is shown: a key's outcomes are painted before. */
export const useShownRun = <T>(select: (state: RunState) => T): T => useStore(stores.shown.run, select);
export const usePlay = <T>(select: (state: PlayState) => T): T => useStore(stores.play, select);
export const useView = <T>(select: (state: ViewState) => T): T => useStore(stores.view, select);
export const useMoment = <T>(select: (state: MomentState) => T): T => useStore(stores.moment.store, select);
export const useNotices = <T>(select: (state: NoticeState) => T): T => useStore(stores.notices, select);
export const useSave = <T>(select: (state: SaveState) => T): T => useStore(stores.save, select);
export const useCanUndo = (): boolean => useStore(stores.lab.temporal, (s) => s.pastStates.length > 0);
export const useCanRedo = (): boolean => useStore(stores.lab.temporal, (s) => s.futureStates.length > 0);

/** The beat that is shown, or undefined before the first. */
export const useBeat = (): Beat | undefined => usePlay((s) => s.beats[s.beat]);

/** The event at which the beat that is shown ends. */
export function useEvent(): TraceEvent | undefined {
  const cursor = usePlay((s) => s.cursor);
  return useRun((s) => s.result?.events[cursor]);
}

/** A host as it is configured at the start. */
export const useHostView = (name: string): HostView | undefined =>
  useRun((s) => s.result?.hosts.find((h) => h.name === name));

/** A host as it is configured at the playhead; the same object while that stays the same. */
export function useHostNow(name: string): HostView | undefined {
  const start = useHostView(name);
  const now = useMoment((s) => s.world?.reconfigured.find((h) => h.name === name));
  return start && (now ?? start);
}

/** A host's state at the playhead. */
export const useHostState = (name: string): HostState | undefined =>
  useMoment((s) => s.world?.hosts.find((h) => h.name === name));

/** The sentence of the beat that is shown; null until the engine has answered. */
export function useExplanation(): Explanation | null {
  const say = useBeat()?.say ?? -1;
  return useMoment((s) => s.explanations?.list[say - s.explanations.from] ?? null);
}
