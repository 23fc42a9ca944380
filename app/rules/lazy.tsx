export { TextEditor } from './TextEditor';
