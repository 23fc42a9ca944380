/** Hook functions of one's own, and programs behind queues. */
export { configureOwn, type OwnFaults } from './configure';
export type * from './types';
