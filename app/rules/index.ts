export { EditorPane } from './EditorPane';
