export { Sortable } from './Sortable';
