export { editHost } from './edit';
export { connect } from './NetworkForms';
export { NetworkPane } from './NetworkPane';
export { addedSegments, segmentsOf } from './network';
export { placedFault } from './own/model';
export { type PartRead, partText, readPart, withPart } from './parts';
export type { Picked } from './picked';
export { SetupForm } from './SetupForm';
export { mended, movedLine } from './words';
