/**
 * Connection tracking: nf_conntrack, its trackers, helpers, expectations and events.
 *
 * One `ConntrackState` a host; everything else here is functions over it.
 */
export {
  ctCount,
  ctDelete,
  ctFlush,
  ctLabel,
  ctList,
  ctSetLabel,
  ctSetMark,
  ctSetSecmark,
  ctStats,
  ctZero,
} from './admin';
export { nfConfirm, nfCtConfirmEarly } from './confirm';
export { ctStateOf, nfConntrackIn, nfCtAttach } from './core';
export { type CtCreate, ctCreate } from './create';
export { DROP } from './drop';
export { ctExpectations, type Expectation } from './expect';
export {
  ctSnapshot,
  DEFAULT_ZONE,
  type Dir,
  dirOf,
  type Flow,
  flowOf,
  isConfirmed,
  isDying,
  protocolText,
  tupleIn,
  zoneIdOf,
} from './flow';
export { helperExists } from './helper';
export { ctExpire, ctNextExpiry, killFlow } from './lifetime';
export { allowsClash } from './proto';
export { nfCtSetClosing } from './proto/tcp';
export type { TcpProto } from './proto/tcp-window';
export { seqAfter } from './seqadj';
export {
  allFlows,
  ConntrackState,
  ctBucket,
  findTuple,
  type NatHook,
  type SynproxyStats,
  sourceKey,
  tupleTaken,
} from './state';
export {
  largestWindow,
  type Synproxy,
  seqadjInit,
  synproxyChanged,
  synproxyOf,
  synproxyTemplate,
} from './synproxy';
export { ctTemplate, type TemplateOptions } from './template';
export { hashTuple, invertOwn, tupleEqual, tupleOf } from './tuple';
export { ctFind, ctUpdate } from './update';
