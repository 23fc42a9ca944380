export { makeStart } from './makeStart';
