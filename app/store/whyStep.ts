/** Words of a command line, as far as its options are asked for here: quotes are taken off, nothing is expanded. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'[^']*'|"[^"]*"|[^\s'"]+/g)].map(([word]) => word.replace(/^(['"])(.*)\1$/, '$2'));
}

/** Options of iptables with which it still only prints. A long one may be cut short, as getopt_long() takes it. */
const ASKS = ['--list', '--list-rules', '--check'];
const HOW = [
  '--numeric',
  '--verbose',
  '--exact',
  '--line-numbers',
  '--table',
  '--wait',
  '--ipv4',
  '--ipv6',
  '--counters',
];

/** Why a command that only asks has become a step; '' for one that changes what it says, and for more than one. */
export function whyStep(line: string): string {
  return asksForTable(line) ? 'the kernel loads a table when it is first asked for' : '';
}

function asksForTable(line: string): boolean {
  if (/[;&\n<>`]|\$\(/.test(line)) return false;
  const [first = '', ...filters] = line.split('|');
  if (!filters.every((part) => /^\s*(grep|head|tail|wc|cat|less)\s/.test(`${part} `))) return false;
  const command = /^\s*(?:sudo\s+)?(?:\S*\/)?ip6?tables(-save)?(?:\s|$)/.exec(first);
  if (command === null) return false;
  const options = wordsOf(first.slice(command[0].length)).filter((word) => /^-[^\d]/.test(word));
  const isOneOf = (all: readonly string[], word: string): boolean => {
    const [name = ''] = word.split('=');
    return name.length > 2 && all.some((option) => option.startsWith(name));
  };
  // What stands beside a check is the rule that is looked for.
  if (options.some((word) => /^-[nvxw46]*C/.test(word) || (word.length > 3 && isOneOf(['--check'], word)))) return true;
  const asks = options.some((word) => /^-[nvxw46]*[LS]/.test(word) || isOneOf(ASKS, word));
  return (
    (asks || command[1] !== undefined) &&
    options.every((word) => /^-[a-z46]*[LS]?[a-z46]*$/.test(word) || isOneOf([...ASKS, ...HOW], word))
  );
}
