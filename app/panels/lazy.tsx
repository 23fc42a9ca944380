export { ConntrackView } from './ConntrackView';
export { VirtualRows } from './VirtualRows';
