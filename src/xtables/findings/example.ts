/** A packet that a rule would take, in words; '' where more would have to be said of it. */
export function exampleOf(text: string): string {
  const known = /^(?: ?(?:-[sdiop] \S+|-m \w+|--(?:ct)?state \S+|--[sd]ports? \S+|-j .*))*$/.test(text);
  if (!known) return '';
  const option = (name: string): string => new RegExp(`(?:^| )${name} (\\S+)`).exec(text)?.[1] ?? '';
  const port = (name: string): string => option(`${name}s?`).split(/[,:]/)[0] ?? '';
  const [from, to] = [anAddress(option('-s')), anAddress(option('-d'))];
  const dport = port('--dport');
  const sport = port('--sport');
  const words = [
    (option('-p') || 'any').toUpperCase(),
    from && `from ${from}`,
    sport && `port ${sport}`,
    to && `to ${to}`,
    dport && `to port ${dport}`,
    option('-i') && `in by ${option('-i').replace(/\+$/, '0')}`,
    option('-o') && `out by ${option('-o').replace(/\+$/, '0')}`,
  ].filter(Boolean);
  return words.length < 2 ? '' : ` For instance: ${words.join(' ')}.`.replace(' ANY ', ' ');
}

/** An address of a prefix. */
function anAddress(prefix: string): string {
  const [base = '', length = ''] = prefix.split('/');
  if (base.includes(':')) return base.endsWith('::') && length !== '128' ? `${base}1` : base;
  return Number(length || 32) <= 30 ? base.replace(/\d+$/, (last) => String(Number(last) + 1)) : base;
}
