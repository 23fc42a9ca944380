export { type EditorMember, type HostPart, isPart, SECTIONS, type Section, sectionOf } from './members';
export { isOwnHookName, newHook, withList } from './own/model';
