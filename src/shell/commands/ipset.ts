import { ipsetCommand, setsOf } from '../../ipset';
import type { Command } from '../types';

/** ipset 7.17 */
export const ipset: Command = {
  names: ['ipset'],
  help: 'Shows and changes the sets that rules ask',
  run: ({ host, args, stdin }) => ipsetCommand(setsOf(host), args, stdin),
};
