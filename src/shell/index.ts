/** Command lines on a host. */
export { commands } from './commands';
export { exec } from './exec';
export type { Command, CommandInput, CommandOutput, ShellResult } from './types';
