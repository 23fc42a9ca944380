export { ConntrackPanel } from './ConntrackPanel';
export { PacketPanel } from './PacketPanel';
export { RoutesPanel } from './RoutesPanel';
export { Kept, MarkBits } from './RuleNotes';
export { SelectionPanel } from './SelectionPanel';
export { SetsPanel } from './SetsPanel';
