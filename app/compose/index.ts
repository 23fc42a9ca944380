export { Composer } from './Composer';
export { openLink, startImport } from './labFiles';
export { Overlays } from './Overlays';
export { StepsList } from './StepsList';
export { isShareFragment } from './shareLink';
