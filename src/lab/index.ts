export { type Configured, configure, RulesetCache, type TextReport } from './configure';
export { endOf } from './end';
export { expandLab } from './expand';
export { parseLab } from './parse';
export { playStep, stepHost } from './play';
export { BY, notModelled, toRecording } from './project';
export type * from './recording';
export { type Checkpoint, Run, run } from './run';
export { type Placed, type Port, placeInterfaces, type Segment } from './segments';
export {
  type HostEnd,
  Recorder,
  ReplaySink,
  ReplayStop,
  type Trace,
  type TraceSink,
  type TraceStep,
  type UserStepRange,
} from './trace';
export * from './types';
export { copyOf, World } from './world';
