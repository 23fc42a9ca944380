/** The kernel's IP sets and the words of `ipset` 7.17. */
export { findType, SET_TYPES, type SetType } from './catalogue';
export { type IpsetResult, ipsetCommand } from './command/command';
export { headerOptions, memberTexts } from './list-text';
export type { SetAddOptions, SetAnswer, SetCounterTest, SetDir, SetTestOptions } from './port';
export { type RestoreReport, restoreSets } from './restore';
export { IpSets, type SetsHost } from './sets';
export type { IpSet, SetTypeName } from './types';
export { recordedSets, type SetMemberView, type SetView, setMembers, setViews } from './views';
