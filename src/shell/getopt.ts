/** What getopt() made of the words of a command. */
export interface Options {
  /** Options in order, each with its argument ('' if it takes none). */
  readonly options: readonly { readonly name: string; readonly value: string }[];
  /** What is no option. */
  readonly rest: readonly string[];
  /** The first mistake. */
  readonly wrong: OptionFault | null;
}

type OptionFault =
  | { readonly kind: 'unknown'; readonly option: string }
  | { readonly kind: 'argument'; readonly option: string }
  /** A beginning of several options: which those are. */
  | { readonly kind: 'ambiguous'; readonly option: string; readonly names: readonly string[] };

/**
 * Reads options as getopt_long() does, also those behind the first other word; a long one may be cut short.
 *
 * @param short letters; one with `:` behind it takes an argument, one with `::` only in the same word
 * @param long names with the letter or name that they stand for; one with `=` at the end takes an argument
 */
export function getopt(args: readonly string[], short: string, long: Readonly<Record<string, string>> = {}): Options {
  const options: { name: string; value: string }[] = [];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '--') {
      rest.push(...args.slice(i + 1));
      break;
    }
    if (word.startsWith('--')) {
      const [said = '', ...given] = word.slice(2).split('=');
      const names = namesOf(said, long);
      if (names.length > 1)
        return { options, rest, wrong: { kind: 'ambiguous', option: word, names: names.map((n) => `--${n}`) } };
      const name = names[0] ?? said;
      const wants = long[`${name}=`];
      const plain = long[name];
      if (wants === undefined && plain === undefined) return fault('unknown', `--${name}`);
      if (wants === undefined) {
        options.push({ name: plain!, value: '' });
        continue;
      }
      const value = given.length > 0 ? given.join('=') : args[++i];
      if (value === undefined) return fault('argument', `--${name}`);
      options.push({ name: wants, value });
      continue;
    }
    if (!word.startsWith('-') || word === '-') {
      rest.push(word);
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!;
      const found = letter === ':' ? -1 : short.indexOf(letter);
      if (found < 0) return fault('unknown', letter);
      if (short[found + 1] !== ':') {
        options.push({ name: letter, value: '' });
        continue;
      }
      const optional = short[found + 2] === ':';
      const value = at + 1 < word.length ? word.slice(at + 1) : optional ? '' : args[++i];
      if (value === undefined) return fault('argument', letter);
      options.push({ name: letter, value });
      break;
    }
  }
  return { options, rest, wrong: null };

  function fault(kind: 'unknown' | 'argument', option: string): Options {
    return { options, rest, wrong: { kind, option } };
  }
}

/** The names that a long option may mean: itself, or all that begin so, unless they stand for the same. */
function namesOf(said: string, long: Readonly<Record<string, string>>): readonly string[] {
  const plain = (name: string) => name.replace(/=$/, '');
  const names = Object.keys(long).filter((name) => name.startsWith(said));
  if (names.some((name) => plain(name) === said)) return [said];
  const same = new Set(names.map((name) => `${name.endsWith('=')} ${long[name]}`)).size === 1;
  return names.slice(0, same ? 1 : undefined).map(plain);
}

/** What getopt() says of a mistake. libc: getopt(), glibc's words */
export function getoptText(name: string, fault: OptionFault): string {
  const { kind, option } = fault;
  if (kind === 'ambiguous') {
    const names = fault.names.map((n) => ` '${n}'`).join('');
    return `${name}: option '${option}' is ambiguous; possibilities:${names}\n`;
  }
  const long = option.startsWith('--');
  if (kind === 'unknown')
    return `${name}: ${long ? `unrecognized option '${option}'` : `invalid option -- '${option}'`}\n`;
  return `${name}: ${long ? `option '${option}' requires an argument` : `option requires an argument -- '${option}'`}\n`;
}
