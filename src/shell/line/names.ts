import { findCommand } from '../commands';
import { textCommands } from '../commands/text';
import type { Command } from '../types';
import { BUILTINS } from './builtins';
import { plainText, type SimpleCommand } from './tree';

/** The words of a command, as far as they are known before it runs. */
export function staticWords(command: SimpleCommand): readonly string[] {
  return command.words.map((word) => plainText(word) ?? '');
}

/** The name of a command, without the folder of programs that it was called in. */
export function nameOf(words: readonly string[]): string {
  return (words[0] ?? '').replace(/^\/(usr\/)?(local\/)?s?bin\//, '');
}

export function isTalk(found: Command | undefined): boolean {
  return found !== undefined && 'talk' in found;
}

/** May it stand in one line with a command that sends packets? */
export function goesWithTalk(name: string): boolean {
  if (name === '' || name === 'exit' || name === 'break' || name === 'continue' || Object.hasOwn(BUILTINS, name))
    return true;
  return isTalk(findCommand(name)) || textCommands.some((text) => text.names.includes(name));
}
