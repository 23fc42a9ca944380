/** A piece of a word. What is quoted is neither split nor written out. */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  /** `$NAME`; `?` is the exit code of what ran before. */
  | { readonly kind: 'variable'; readonly name: string; readonly quoted: boolean }
  /** `$((…))` */
  | { readonly kind: 'calculation'; readonly text: string; readonly quoted: boolean }
  /** `$(…)` */
  | { readonly kind: 'command'; readonly script: Script; readonly quoted: boolean };

export type Word = readonly Part[];

export type Redirect =
  /** `2>&1` */
  | { readonly kind: 'copy'; readonly fd: number; readonly to: number }
  /** Standard input is this text (`<<EOF`, `<<<`). */
  | { readonly kind: 'here'; readonly text: Word }
  | { readonly kind: 'file'; readonly fd: number; readonly path: Word; readonly way: 'read' | 'write' };

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

export interface SimpleCommand {
  readonly kind: 'simple';
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

export type Command =
  | SimpleCommand
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly test: Script; readonly body: Script }[];
      readonly otherwise: Script;
    }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[]; readonly body: Script }
  /** `until` goes on as long as the test fails. */
  | { readonly kind: 'while'; readonly until: boolean; readonly test: Script; readonly body: Script }
  /** `{ …; }`, and `( … )`, whose variables are its own. */
  | { readonly kind: 'group'; readonly body: Script; readonly subshell: boolean }
  /** Another one than a simple command, with redirections. */
  | { readonly kind: 'redirected'; readonly command: Command; readonly redirects: readonly Redirect[] };

/** Commands in a row; each reads what the one before it prints. */
export interface Pipeline {
  readonly commands: readonly Command[];
  readonly negated: boolean;
  /** When it runs: always, or by the exit of what ran before. */
  readonly when: 'always' | 'success' | 'failure';
}

export type Script = readonly Pipeline[];

/** Something of a shell that is not modelled, or a mistake. */
export class NotModelled extends Error {}

export const wordOf = (text: string, quoted = true): Word => [{ kind: 'text', text, quoted }];

/** The text of a word in which nothing is to be put in; null if there is. */
export function plainText(word: Word | undefined): string | null {
  if (word === undefined) return null;
  let text = '';
  for (const part of word) {
    if (part.kind !== 'text') return null;
    text += part.text;
  }
  return text;
}

/** Every simple command of a script, also within others and in `$(…)`. */
export function commandsOf(script: Script): readonly SimpleCommand[] {
  return script.flatMap(({ commands }) => commands.flatMap(within));
}

function within(command: Command): readonly SimpleCommand[] {
  switch (command.kind) {
    case 'simple': {
      const words = [...command.words, ...command.assignments.map((a) => a.value)];
      return [...words.flatMap(substituted), command];
    }
    case 'if':
      return [
        ...command.branches.flatMap(({ test, body }) => [...commandsOf(test), ...commandsOf(body)]),
        ...commandsOf(command.otherwise),
      ];
    case 'for':
      return [...command.words.flatMap(substituted), ...commandsOf(command.body)];
    case 'while':
      return [...commandsOf(command.test), ...commandsOf(command.body)];
    case 'group':
      return commandsOf(command.body);
    case 'redirected':
      return within(command.command);
  }
}

function substituted(word: Word): readonly SimpleCommand[] {
  return word.flatMap((part) => (part.kind === 'command' ? commandsOf(part.script) : []));
}
