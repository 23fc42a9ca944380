import type { Host } from '../../host';
import { folderOf, readFile } from '../files';
import { fails } from '../output';
import type { CommandOutput } from '../types';

/** What is left to be read of standard input. */
export interface Input {
  text: string;
}

/** What a command of the shell itself works on. */
export interface BuiltinCall {
  readonly host: Host;
  readonly args: readonly string[];
  readonly variables: Map<string, string>;
  readonly input: Input;
}

type Builtin = (call: BuiltinCall) => CommandOutput;

/** Commands of the shell itself that change its variables or ask about files and words. */
export const BUILTINS: Readonly<Record<string, Builtin>> = {
  read,
  test: (call) => test(call, call.args),
  '[': (call) =>
    call.args.at(-1) === ']' ? test(call, call.args.slice(0, -1)) : fails(2, "bash: line 1: [: missing `]'\n"),
  export: assign,
  unset: ({ args, variables }) => {
    for (const name of args) variables.delete(name);
    return {};
  },
};

/** `read [-r] NAME…`: the next line, the last name gets what is left of it. */
function read({ args, variables, input }: BuiltinCall): CommandOutput {
  const names = args.filter((arg) => arg !== '-r');
  const odd = names.find((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (odd !== undefined || names.length === 0) return { notModelled: `read ${args.join(' ')}`.trim() };
  const end = input.text.indexOf('\n');
  const line = end < 0 ? input.text : input.text.slice(0, end);
  input.text = end < 0 ? '' : input.text.slice(end + 1);
  let rest = (args.includes('-r') ? line : line.replace(/\\(.)/g, '$1')).trim();
  for (const [i, name] of names.entries()) {
    const word = i === names.length - 1 ? rest : /^\S*/.exec(rest)![0];
    variables.set(name, word);
    rest = rest.slice(word.length).trimStart();
  }
  return { exit: end < 0 ? 1 : 0 };
}

/** `export NAME=VALUE`; nothing here looks at the environment. */
function assign({ args, variables }: BuiltinCall): CommandOutput {
  for (const arg of args) {
    const m = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(arg);
    if (!m) return { notModelled: `export ${arg}` };
    if (m[2] !== undefined) variables.set(m[1]!, m[2]);
  }
  return {};
}

const NUMBERS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
};

function test(call: BuiltinCall, args: readonly string[]): CommandOutput {
  const exit = (yes: boolean): CommandOutput => ({ exit: yes ? 0 : 1 });
  const [a = '', b = '', c = ''] = args;
  if (args.length === 0) return exit(false);
  if (a === '!') {
    const inner = test(call, args.slice(1));
    return inner.exit === 0 || inner.exit === 1 ? exit(inner.exit === 1) : inner;
  }
  if (args.length === 1) return exit(a !== '');
  if (args.length === 2) return unary(call.host, a, b);
  if (args.length > 3) return { notModelled: `test ${args.join(' ')}` };
  if (b === '=' || b === '==') return exit(a === c);
  if (b === '!=') return exit(a !== c);
  const compare = NUMBERS[b];
  if (!compare) return fails(2, `bash: line 1: test: ${b}: binary operator expected\n`);
  const odd = [a, c].find((n) => !/^\s*[-+]?\d+\s*$/.test(n));
  if (odd !== undefined) return fails(2, `bash: line 1: test: ${odd}: integer expression expected\n`);
  return exit(compare(Number(a), Number(c)));
}

function unary(host: Host, operator: string, word: string): CommandOutput {
  const exit = (yes: boolean): CommandOutput => ({ exit: yes ? 0 : 1 });
  if (operator === '-n') return exit(word !== '');
  if (operator === '-z') return exit(word === '');
  if (!/^-[efdrwxs]$/.test(operator)) return fails(2, `bash: line 1: test: ${operator}: unary operator expected\n`);
  const file = word.startsWith('/') ? readFile(host, word) : null;
  const folder = word.startsWith('/') && folderOf(host, word) !== null;
  if (file !== null && 'notModelled' in file) return { notModelled: `test ${operator} ${word}` };
  if (operator === '-d') return exit(folder);
  if (operator === '-f') return exit(file !== null);
  if (operator === '-e' || operator === '-r') return exit(file !== null || folder);
  return { notModelled: `test ${operator}` };
}
