import { describe, expect, it } from 'vitest';
import { parseLine } from './parser';
import { commandsOf, plainText, type Script } from './tree';

function read(line: string): Script {
  const parsed = parseLine(line);
  if (!parsed.ok) throw new Error(parsed.construct);
  return parsed.script;
}

const words = (line: string) => commandsOf(read(line)).map((c) => c.words.map((w) => plainText(w) ?? '…'));

describe('parseLine', () => {
  it.each([
    ['a b', [['a', 'b']]],
    ['a \'b c\' "d e" f\\ g', [['a', 'b c', 'd e', 'f g']]],
    ['a "" b', [['a', '', 'b']]],
    ['a; b && c || d', [['a'], ['b'], ['c'], ['d']]],
    ['a | b|c', [['a'], ['b'], ['c']]],
    ['a |\n b && \n c', [['a'], ['b'], ['c']]],
    ['a # b; c', [['a']]],
    ['a\nb\n', [['a'], ['b']]],
    ['a \\\n b', [['a', 'b']]],
    ['a 2>/dev/null >/dev/null 2>&1 b', [['a', 'b']]],
    ['a -m comment --comment \'it; is && "so"\'', [['a', '-m', 'comment', '--comment', 'it; is && "so"']]],
    ['for i in 1 2; do a $i; b "x $i"; done; c', [['a', '…'], ['b', '…'], ['c']]],
    [
      'a "$(b c)"',
      [
        ['b', 'c'],
        ['a', '…'],
      ],
    ],
    ['x=$(a); b `c`', [['a'], [], ['c'], ['b', '…']]],
    ['if a; then b; elif c; then d; else e; fi', [['a'], ['b'], ['c'], ['d'], ['e']]],
    ['while a; do b; done | (c; d)', [['a'], ['b'], ['c'], ['d']]],
    ['{ a; b; } 2>/dev/null', [['a'], ['b']]],
    ['a "\\"\\\\b\\n"', [['a', '"\\b\\n']]],
    ['sudo a b', [['a', 'b']]],
  ])('reads %s', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it('tells when a command runs', () => {
    expect(read('a && ! b || c; d').map((p) => [p.when, p.negated])).toEqual([
      ['always', false],
      ['success', true],
      ['failure', false],
      ['always', false],
    ]);
  });

  it('reads redirections and here-documents', () => {
    const [first, second] = commandsOf(read("a 2>&1 <<'EOF' | b &>/dev/null\nx $y\nEOF\n")).map((c) => c.redirects);
    const text = (t: string, quoted: boolean) => [{ kind: 'text', text: t, quoted }];
    expect(first).toEqual([
      { kind: 'copy', fd: 2, to: 1 },
      { kind: 'here', text: text('x $y\n', true) },
    ]);
    expect(second).toEqual([
      { kind: 'file', fd: 1, path: text('/dev/null', false), way: 'write' },
      { kind: 'copy', fd: 2, to: 1 },
    ]);
  });

  it.each([
    ['X=1 a', /variable before a command/],
    ['for i; do a; done', /for NAME in WORDS/],
    ['for i in 1 2; do a', /without "done"/],
    ['if a; then b', /without "fi"/],
    ['case a in a) b;; esac', /"case"/],
    ['[[ a ]]', /"\[\["/],
    ['f() { a; }', /function/],
    ['a $1', /variable/],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a shell's
    ['a ${b:-c}', /variable/],
    ['a &', /background/],
    ['a > file', /file/],
    ["a 'b", /not closed/],
    ['a $(b', /not closed/],
    ['&& a', /nothing before/],
    ['a &&', /nothing behind/],
    ['a; done', /"done"/],
    ['a; )', /bracket/],
  ])('says that it does not know %s', (line, construct) => {
    const parsed = parseLine(line);
    expect(parsed.ok ? 'read' : parsed.construct).toMatch(construct);
  });
});
