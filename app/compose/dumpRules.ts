/** What a line `-A …` says of the network around the host. */
export interface DumpRule {
  readonly table: string;
  readonly chain: string;
  readonly in: string;
  readonly notIn: string;
  readonly out: string;
  readonly notOut: string;
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  readonly dport: string;
  readonly target: string;
  readonly to: string;
}

type Field = Exclude<keyof DumpRule, 'table' | 'chain' | 'notIn' | 'notOut'>;

const FIELDS: ReadonlyMap<string, Field> = new Map([
  ['-i', 'in'],
  ['-o', 'out'],
  ['-s', 'src'],
  ['-d', 'dst'],
  ['-p', 'protocol'],
  ['--dport', 'dport'],
  ['--dports', 'dport'],
  ['-j', 'target'],
  ['--to-destination', 'to'],
  ['--to-source', 'to'],
]);

const NOTHING = {
  in: '',
  notIn: '',
  out: '',
  notOut: '',
  src: '',
  dst: '',
  protocol: '',
  dport: '',
  target: '',
  to: '',
};

const WORDS = /"(?:\\.|[^"\\])*"|\S+/g;

/** The rules of an iptables-save text, as far as they tell of interfaces, addresses and ports. */
export function readDumpRules(text: string): readonly DumpRule[] {
  const rules: DumpRule[] = [];
  let table = '';
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^\[\d+:\d+\]\s*/, '').trim();
    if (line.startsWith('*')) table = line.slice(1);
    else if (line.startsWith('-A ')) rules.push(readRule(line.match(WORDS) ?? [], table));
  }
  return rules;
}

/** What is negated says nothing here, but for interfaces. */
function readRule([, chain = '', ...words]: readonly string[], table: string): DumpRule {
  const rule = { ...NOTHING, table, chain };
  words.forEach((word, i) => {
    const field = FIELDS.get(word);
    if (field === undefined) return;
    const value = words[i + 1] ?? '';
    const not = words[i - 1] === '!';
    if (field === 'in' || field === 'out') {
      const key = not ? (field === 'in' ? 'notIn' : 'notOut') : field;
      rule[key] = value === 'lo' ? '' : value.replace(/\+$/, '0');
    } else if (!not) rule[field] = word === '--dports' ? (value.split(/[,:]/)[0] ?? '') : value;
  });
  return rule;
}
