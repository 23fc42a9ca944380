export type * from '../lab/recording';
export type * from '../lab/types';
export type * from '../model';
export type * from './api';
export { type Call, LabError, type Reply, type Request } from './protocol';
