/** What a page loads when a lab has it. */
export { ownFaults } from './own-schema';
