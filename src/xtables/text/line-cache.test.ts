import { expect, test } from 'vitest';
import { Rng } from '../../base';
import { allExtensions } from '../extensions';
import { saveText } from '../print/save';
import { XtTables } from '../state/tables';
import { leftOutLines, loadDocument, readSave, type SaveDocument } from './document';
import { LineCache } from './line-cache';
import { rereadRule } from './reread';

const LINES = [
  '# a remark',
  '*nat',
  ':PREROUTING ACCEPT [0:0]',
  ':INPUT ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':POSTROUTING ACCEPT [0:0]',
  ':WEB - [0:0]',
  '-A PREROUTING -p tcp -m tcp --dport 80 -j WEB',
  '-A WEB -j DNAT --to-destination 10.0.0.5',
  '-A POSTROUTING -o eth0 -j MASQUERADE',
  'COMMIT',
  '*filter',
  ':INPUT DROP [0:0]',
  ':FORWARD ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':WEB - [0:0]',
  ':LOG2 - [0:0]',
  '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
  '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
  '-A INPUT -s 10.0.0.0/8,192.168.0.0/16 -j WEB',
  '-A WEB -p udp -j LOG2',
  '-A LOG2 -m limit --limit 5/min -j LOG --log-prefix "x "',
  '#-A FORWARD -j DROP',
  '-A FORWARD -j REJECT --reject-with icmp-port-unreachable',
  'COMMIT',
];
/** Lines that take something away, are wrong, or change what others mean. */
const ODD = [
  '-A LOG2 -j WEB',
  '-X WEB',
  '-N NEW',
  ':LOG - [0:0]',
  '-A INPUT -j NEW',
  '-A NOWHERE -j DROP',
  '*mangle',
  '',
];

/** All that there is to be seen of a document. */
function shown(document: SaveDocument): unknown {
  const tables = new XtTables('ip');
  const { refused } = loadDocument(tables, document);
  const lines = [...tables.all()].flatMap(({ ruleset }) => ruleset.chains.map((c) => c.rules.map((rule) => rule.line)));
  const { diagnostics, off } = document;
  return { diagnostics, off, refused, lines, left: leftOutLines(document), text: saveText(tables) };
}

test('a text read after an edit is what it is when it is read alone', () => {
  const rng = new Rng(7);
  const pick = (n: number): number => rng.below(n);
  const options = { family: 'ip', extensions: allExtensions } as const;
  const cache = new LineCache();
  let lines = [...LINES];
  for (let i = 0; i < 400; i++) {
    if (i % 40 === 0) lines = [...LINES];
    const at = pick(lines.length);
    const line = lines[pick(lines.length)]!;
    const last = lines[at]!;
    const kinds = [[line], [], [ODD[pick(ODD.length)]!], [last, line], [last.replace('22', '23')]];
    const other = kinds[pick(kinds.length)]!;
    lines.splice(at, 1, ...other);
    const text = lines.join('\n') + (pick(4) === 0 ? '' : '\n');
    expect(shown(readSave(text, { ...options, cache })), text).toEqual(shown(readSave(text, options)));
  }
});

/** Words that come, go or take the place of others in a rule. */
const WORDS = ['-p tcp', '-j ACCEPT', '-j WEB', '-j', '-j NOWHERE', '-m', '! -i lo', '-s 10.0.0.0/33', '--dport', '80'];
const OTHERS = ['-A LOG2', '-A OUTPUT', '#-A INPUT', '-s 10.0.0.1,10.0.0.2', '-m limit --limit 1/min', '', '"'];

test('a text in which the words of a rule change is what it is when it is read as a whole', () => {
  const rng = new Rng(11);
  const pick = <T>(list: readonly T[]): T => list[rng.below(list.length)]!;
  const options = { family: 'ip', extensions: allExtensions } as const;
  const before = readSave(`${LINES.join('\n')}\n`, options);
  expect(before.diagnostics).toEqual([]);
  let [reread, wrong] = [0, 0];
  for (let i = 0; i < 1500; i++) {
    const at = rng.below(LINES.length);
    const words = LINES[at]!.split(' ');
    words.splice(
      rng.below(words.length + 1),
      rng.below(3),
      ...(rng.below(3) === 0 ? [] : [pick([...WORDS, ...OTHERS])]),
    );
    const text = `${LINES.with(at, words.join(' ')).join('\n')}\n`;
    const document = rereadRule(before, text, options);
    if (document === null) continue;
    reread++;
    if (document.diagnostics.length > 0) wrong++;
    const whole = readSave(text, options);
    expect(shown(document), text).toEqual(shown(whole));
    const chains = (d: SaveDocument) =>
      d.tables.map((t) => t.ruleset?.chains.map(({ name, base, rules }) => [name, base, rules.length]));
    expect(chains(document), text).toEqual(chains(whole));
    expect(document.tables.map((t) => t.ruleset?.slots)).toEqual(whole.tables.map((t) => t.ruleset?.slots));
  }
  expect(reread).toBeGreaterThan(300);
  expect(wrong).toBeGreaterThan(50);
});

test('what did not change is shared', () => {
  const options = { family: 'ip', extensions: allExtensions, cache: new LineCache() } as const;
  const chain = (text: string, name: string) => readSave(text, options).tables[1]?.ruleset?.chain(name)?.rules;
  const text = `${LINES.join('\n')}\n`;
  const before = chain(text, 'INPUT');
  expect(before).toHaveLength(5);
  const after = chain(text.replace('-A WEB -p udp', '-A WEB -p sctp'), 'INPUT');
  expect(after).toBe(before);
});
