/** The commands of the tool, in the order in which a beginning of a name is looked for. libipset: ipset_commands */
export const COMMANDS = [
  { name: 'create', names: ['create', 'new', '-N'], args: 2 },
  { name: 'add', names: ['add', '-A'], args: 2 },
  { name: 'del', names: ['del', '-D'], args: 2 },
  { name: 'test', names: ['test', '-T'], args: 2 },
  { name: 'destroy', names: ['destroy', 'x', '-X'], args: 'optional' },
  { name: 'list', names: ['list', '-L'], args: 'optional' },
  { name: 'save', names: ['save', '-S'], args: 'optional' },
  { name: 'restore', names: ['restore', '-R'], args: 0 },
  { name: 'flush', names: ['flush', '-F'], args: 'optional' },
  { name: 'rename', names: ['rename', 'e', '-E'], args: 2 },
  { name: 'swap', names: ['swap', 'w', '-W'], args: 2 },
  { name: 'help', names: ['help', '-h', '-H'], args: 'optional' },
  { name: 'version', names: ['version', '-v', '-V'], args: 0 },
  { name: 'quit', names: ['quit'], args: 0 },
] as const;

export type CommandName = (typeof COMMANDS)[number]['name'];

/** The command that a word means: any beginning of a name, with or without two dashes. libipset: ipset_match_cmd() */
export function findCommand(word: string): (typeof COMMANDS)[number] | undefined {
  const start = word.startsWith('--') ? word.slice(2) : word;
  if (start === '' || start === '-') return undefined;
  return COMMANDS.find((c) => c.names.some((name) => name.startsWith(start)));
}

/** Options that may stand anywhere. libipset: ipset_envopts */
export const GLOBAL_OPTIONS = [
  { key: 'output', names: ['-o', '-output'], value: true },
  { key: 'sorted', names: ['-s', '-sorted'], value: false },
  { key: 'quiet', names: ['-q', '-quiet'], value: false },
  { key: 'resolve', names: ['-r', '-resolve'], value: false },
  { key: 'exist', names: ['-!', '-exist'], value: false },
  { key: 'names', names: ['-n', '-name'], value: false },
  { key: 'terse', names: ['-t', '-terse'], value: false },
  { key: 'file', names: ['-f', '-file'], value: true },
] as const;

/** Splits a line of a restored text into words, with double quotes. libipset: build_argv() */
export function splitLine(line: string): readonly string[] | 'too-long' | 'open-quote' {
  if (!line.includes('"')) {
    const plain = line.split(/[ \r\n\t]+/).filter((part) => part !== '');
    return plain.length > 31 ? 'too-long' : plain;
  }
  const words: string[] = [];
  let word = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    if (words.length + 2 === 32) return 'too-long';
    const c = line[i]!;
    const last = i === line.length - 1;
    const blank = ' \r\n\t'.includes(c);
    if (c === '"') quoted = !quoted;
    else if (!blank || quoted) word += c;
    // Only a blank outside of quotes, or the end, finishes a word; a line that ends inside of quotes loses it.
    if (!last && (c === '"' || !blank || quoted)) continue;
    if (last && blank && quoted) continue;
    if (last && quoted) return 'open-quote';
    if (word !== '') words.push(word);
    word = '';
  }
  return words;
}
