/** The kernel's IP sets and the words of `ipset` 7.17. */
export { findType, SET_TYPES, type SetType } from './catalogue';
export { type IpsetResult, ipsetCommand } from './command/command';
export { headerOptions, memberTexts } from './list-text';
export { NoSets } from './none';
export type { SetAddOptions, SetAnswer, SetCounterTest, SetDir, Sets, SetTestOptions } from './port';
export { loadSets, type RestoreReport, restoreSets } from './restore';
export { IpSets, type SetsHost, setsOf } from './sets';
export type { IpSet, SetTypeName } from './types';
export type { SetMemberView, SetView } from './views';
