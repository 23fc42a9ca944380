export { type EditorMember, type HostPart, isPart, SECTIONS, sectionOf } from './members';
export { isOwnHookName, newHook } from './own/model';
export { withList } from './withMember';
