export { commonHead, commonTail, type Diagnostic } from '../base';
export { renderSentence } from '../explain';
export { SET_TYPES } from '../ipset';
export {
  type ConnectStep,
  expandLab,
  forKernel,
  type HostEnd,
  type Lab,
  type LabHost,
  type LabInterface,
  type LabListener,
  type LabStep,
  type PingStep,
  parseLab,
  type ReceiveStep,
  type Recording,
  type RunStep,
  run,
  type SendStep,
  type ShippedLab,
  type StepKind,
  shippedLabs,
  stepKind,
  type Trace,
  toRecording,
  type UdpStep,
  type WaitStep,
} from '../lab';

export type * from '../model';
export type { OwnHook, OwnQueue, OwnQueueRule, PacketChange } from '../own';
export {
  addOffset,
  broadcastOf,
  familyOf,
  type Prefix,
  parseAddr,
  parsePrefix,
  prefixContains,
  prefixText,
} from '../wire';
export type * from './api';
export { type PackedResult, pack, unpack } from './delta';
export { dropWords } from './drop-words';
export { kindTitle } from './kind-title';
export { outcomeText } from './outcome';
export { type Call, LabError, type Reply, type Request } from './protocol';
export { TRIED_OUTCOMES } from './tried-outcomes';
export { createEngine, readLab, runLab } from './whole';
