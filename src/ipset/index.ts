/** The kernel's IP sets and the words of `ipset` 7.17. */
export { SET_TYPES } from './catalogue';
export { ipsetCommand } from './command/command';
export { NoSets } from './none';
export type { SetAnswer, SetCounterTest, SetDir, SetPort, Sets, SetTestOptions } from './port';
export { loadSets } from './restore';
export { setsOf } from './sets';
export type { SetMember, SetView } from './views';
