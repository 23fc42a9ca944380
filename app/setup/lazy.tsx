export { editHost } from './edit';
export { type PartRead, partText, readPart, withPart } from './parts';
export type { Picked } from './picked';
export { SetupForm } from './SetupForm';
export { movedLine } from './words';
