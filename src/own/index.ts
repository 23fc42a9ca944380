/** Hook functions of one's own, and programs behind queues. */
export { configureOwn } from './configure';
export type * from './types';
