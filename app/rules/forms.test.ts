import { expect, test } from 'vitest';
import { createEngine, type RuleForm, type RulePart } from '../../src/engine';
import {
  addOption,
  chipText,
  commentOf,
  criteriaOf,
  firstValue,
  optionOf,
  removePart,
  setPart,
  setTarget,
  targetOf,
  word,
} from './forms';

const engine = createEngine();
const catalogue = engine.catalogue();
const form = (line: string): RuleForm => engine.ruleForms('ip', [line])[0] as RuleForm;
const LINE =
  '-A FORWARD -i eth0 -p tcp -m tcp --dport 80 -m conntrack --ctstate NEW -m comment --comment "let it in" -j ACCEPT';
const part = (f: RuleForm, flag: string): RulePart => f.parts.find((p) => p.flag === flag) as RulePart;
const match = (name: string) => catalogue.matches.find((m) => m.name === name) as (typeof catalogue.matches)[number];
const option = (name: string, flag: string) =>
  match(name).options.find((o) => o.flag === flag) as (typeof catalogue.rule.options)[number];
const own = (flag: string) =>
  catalogue.rule.options.find((o) => o.flag === flag) as (typeof catalogue.rule.options)[number];

test('another value, and what comes of it is what the engine reads', () => {
  const f = form(LINE);
  const edited = setPart(f, part(f, 'dport'), ['8080'], true);
  expect(edited.line).toBe(LINE.replace('--dport 80', '! --dport 8080'));
  expect(edited).toEqual(form(edited.line));
  const again = setPart(edited, part(edited, 'comment'), ['a "b"']);
  expect(again).toEqual(form(again.line));
  expect(commentOf(again)).toBe('a "b"');
  const attached = form('-A INPUT -p tcp --destination-port=22');
  expect(setPart(attached, part(attached, 'dport'), ['23']).line).toBe('-A INPUT -p tcp --destination-port 23');
});

test('an option goes with what it leaves empty', () => {
  const f = form(LINE);
  expect(removePart(f, part(f, 'ctstate'), catalogue)).toBe(LINE.replace(' -m conntrack --ctstate NEW', ''));
  expect(removePart(f, part(f, 'in-interface'), catalogue)).toBe(LINE.replace(' -i eth0', ''));
  expect(removePart(f, part(f, 'protocol'), catalogue)).toBe(LINE.replace(' -p tcp -m tcp --dport 80', ''));
  const two = form('-A INPUT -p tcp -m tcp --sport 1 --dport 2 -j DROP');
  expect(removePart(two, part(two, 'sport'), catalogue)).toBe('-A INPUT -p tcp -m tcp --dport 2 -j DROP');
});

test('an option more, with its match and its protocol', () => {
  const f = form('-A INPUT -i eth0 -j DROP');
  expect(addOption(f, match('tcp'), option('tcp', 'dport'), ['22'])).toBe(
    '-A INPUT -i eth0 -p tcp -m tcp --dport 22 -j DROP',
  );
  expect(addOption(f, catalogue.rule, own('source'), ['10.0.0.0/8'])).toBe('-A INPUT -s 10.0.0.0/8 -i eth0 -j DROP');
  expect(addOption(f, catalogue.rule, own('protocol'), ['udp'])).toBe('-A INPUT -i eth0 -p udp -j DROP');
  const tcp = form('-A INPUT -p tcp -m tcp --dport 22 -m limit --limit 1/s -j DROP');
  expect(addOption(tcp, match('tcp'), option('tcp', 'sport'), ['1024:'])).toBe(
    '-A INPUT -p tcp -m tcp --dport 22 --sport 1024: -m limit --limit 1/s -j DROP',
  );
  expect(addOption(form('-A INPUT'), match('conntrack'), option('conntrack', 'ctstate'), ['NEW'])).toBe(
    '-A INPUT -m conntrack --ctstate NEW',
  );
  const target = form('-A INPUT -j REJECT');
  const reject = catalogue.targets.find((t) => t.name === 'REJECT') as (typeof catalogue.targets)[number];
  expect(addOption(target, reject, reject.options[0] ?? null, ['tcp-reset'])).toBe(
    '-A INPUT -j REJECT --reject-with tcp-reset',
  );
});

test('every option of every match can be added to a rule and is read back', () => {
  for (const info of [catalogue.rule, ...catalogue.matches]) {
    if (!info.families.includes('ip')) continue;
    for (const o of info.options) {
      const values = firstValue(o, { interfaces: ['eth0'], sets: ['bad'] }).map((v) => (v === '' ? 'x' : v));
      const line = addOption(form('-A INPUT -j DROP'), info, o, values);
      const read = form(line).parts.find((p) => p.flag === o.flag && p.extension === info.name);
      expect([line, read?.values]).toEqual([line, values]);
    }
  }
});

test('targets', () => {
  const f = form('-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.5');
  expect(targetOf(f)).toMatchObject({ name: 'DNAT', goto: false, options: [{ flag: 'to-destination' }] });
  expect(setTarget(f, 'ACCEPT')).toBe('-A PREROUTING -p tcp -j ACCEPT');
  expect(setTarget(f, 'OTHER', true)).toBe('-A PREROUTING -p tcp -g OTHER');
  expect(setTarget(f, '')).toBe('-A PREROUTING -p tcp');
});

test('rows of a form and its chips', () => {
  expect(criteriaOf(form(LINE)).map(chipText)).toEqual(['-i eth0', '-p tcp', '--dport 80', '--ctstate NEW']);
  expect(criteriaOf(form('-A X -m rpfilter -m nonsense --dprot 5 -j DROP')).map(chipText)).toEqual([
    '-m rpfilter',
    '-m nonsense',
    '--dprot 5',
  ]);
  expect(optionOf(catalogue, part(form(LINE), 'dport'))?.kind).toBe('ports');
});

test('quotes', () => {
  expect([word('a'), word('a b'), word(''), word('say "x"')]).toEqual(['a', '"a b"', '""', '"say \\"x\\""']);
});
