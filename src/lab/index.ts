export type * from './recording';
export * from './types';
