export { type EditorMember, type HostPart, isPart, SECTIONS, type Section, sectionOf } from './members';
