export { ConntrackPanel } from './ConntrackPanel';
export { PacketPanel } from './PacketPanel';
export { RoutesPanel } from './RoutesPanel';
export { SelectionPanel } from './SelectionPanel';
export { SetsPanel } from './SetsPanel';
