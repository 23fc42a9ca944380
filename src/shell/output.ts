import type { CommandOutput } from './types';

/** A command that failed: its exit code and what it said on stderr. */
export function fails(exit: number, stderr: string): CommandOutput {
  return { exit, stderr: stderr === '' || stderr.endsWith('\n') ? stderr : `${stderr}\n` };
}

/** A help page in words of our own, of what a command understands here. */
export function usagePage(tool: string, text: string): string {
  return `${text}The real ${tool} knows more; this page is Hookline's own.\n`;
}

/** Lines on stdout. */
export function prints(lines: readonly string[]): CommandOutput {
  return { stdout: lines.map((line) => `${line}\n`).join('') };
}
