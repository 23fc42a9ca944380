/** What a page loads when it is wanted: sets, and reading the text of them. */
export { loadSets } from './restore';
