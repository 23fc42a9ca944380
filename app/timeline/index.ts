export { Dock } from './Dock';
export { Sentence } from './Sentence';
