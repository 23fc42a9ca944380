export { type Configured, configure, RulesetCache, type TextReport } from './configure';
export { endOf } from './end';
export { expandLab, forKernel } from './expand';
export { type OwnCheck, parseLabWith } from './parse';
export { parseLab } from './parse-lab';
export { BY, notModelled, toRecording } from './project';
export type * from './recording';
export { type Moment, type ReplayListener, replayTo } from './replay';
export { type Checkpoint, Run } from './run';
export { type Placed, type Port, placeInterfaces, type Segment } from './segments';
export { type ShippedLab, shippedLabs } from './shipped';
export type { Toolbox } from './toolbox';
export type {
  HostEnd,
  Story,
  Trace,
  TraceStep,
  UserStepRange,
} from './trace';
export * from './types';
export { run, wholeToolbox } from './whole';
export { copyOf, World } from './world';
