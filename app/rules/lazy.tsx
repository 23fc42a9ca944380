export { RuleEditor } from './RuleEditor';
export { TextEditor } from './TextEditor';
