export { Composer } from './Composer';
export { StepsList } from './StepsList';
