export { type Beat, type BeatKind, beatAt, beats, type Place } from './beats';
export { checkSum } from './checkSum';
export { dropPlace } from './dropPlace';
export { EngineFault, Superseded } from './engineClient';
export { everyRule, type ShownRule } from './everyRule';
export { fullestChain } from './fullestChain';
export { endpoint, type Header, readHeader } from './header';
export * from './hooks';
export type { LabState } from './labStore';
export { type HostText, hostIcon, hostSubtitle, type LabView, labTitle, viewOf } from './labView';
export { leftOutOf, toolOf } from './leftOut';
export { tellMissingParts } from './missingParts';
export type { Notice } from './noticeStore';
export { keepOverReload, whenKept } from './overReload';
export { paceOf } from './pace';
export { looksLikeLab, openArchive, type StoredLab } from './persist';
export { type PlayState, SPEEDS } from './playStore';
export type { RunState } from './runStore';
export { newId, type SaveState, startStores } from './startStores';
export { canBeStart, stepsThatChange } from './startWith';
export { afterPaint, EMPTY_LAB, graphShown, inject, keepPreferences, type Stores, spareEngine, stores } from './stores';
export { useAnswer } from './useAnswer';
export { useSpareEngine } from './useSpareEngine';
export type {
  Drawer,
  InjectPlace,
  InspectorTab,
  NetworkEdit,
  Overlay,
  Selection,
  Tap,
  ThemeChoice,
  ViewState,
} from './viewStore';
export { editorIsOpen } from './viewStore';
export { whyStep, wordsOf } from './whyStep';
