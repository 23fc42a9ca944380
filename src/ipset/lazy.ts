/** What a page loads when it is wanted: reading the text of sets. */
export { restoreSets } from './restore';
