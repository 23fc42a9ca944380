export { ConsolePane } from './ConsolePane';
