import { describe, expect, it } from 'vitest';
import { parseLine } from './syntax';

function words(line: string) {
  const parsed = parseLine(line);
  if (!parsed.ok) throw new Error(parsed.construct);
  return parsed.pipelines.map((p) => p.commands.map((c) => c.words));
}

describe('parseLine', () => {
  it.each([
    ['a b', [[['a', 'b']]]],
    ['a \'b c\' "d e" f\\ g', [[['a', 'b c', 'd e', 'f g']]]],
    ['a "" b', [[['a', '', 'b']]]],
    ['a; b && c || d', [[['a']], [['b']], [['c']], [['d']]]],
    ['a | b|c', [[['a'], ['b'], ['c']]]],
    ['a # b; c', [[['a']]]],
    ['a\nb\n', [[['a']], [['b']]]],
    ['a \\\n b', [[['a', 'b']]]],
    ['a 2>/dev/null >/dev/null 2>&1 b', [[['a', 'b']]]],
    ['a -m comment --comment \'it; is && "so"\'', [[['a', '-m', 'comment', '--comment', 'it; is && "so"']]]],
    ['for i in 1 2; do a $i; b "x $i"; done; c', [[['a', '1']], [['b', 'x 1']], [['a', '2']], [['b', 'x 2']], [['c']]]],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a shell's
    ['for i in $(seq 2 3)\ndo\n  a -p ${i}0\ndone', [[['a', '-p', '20']], [['a', '-p', '30']]]],
    [
      'for i in {1..2}; do for j in a b; do x $i$j; done; done',
      [[['x', '1a']], [['x', '1b']], [['x', '2a']], [['x', '2b']]],
    ],
    ['N=5; a $N; M=$N; b "$M"', [[['true']], [['a', '5']], [['true']], [['b', '5']]]],
    ["a 10.0.0.{1,2} {80,443} '{x,y}'", [[['a', '10.0.0.1', '10.0.0.2', '80', '443', '{x,y}']]]],
    ['a "\\"\\\\b\\n"', [[['a', '"\\b\\n']]]],
  ])('reads %s', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it('tells when a command runs', () => {
    const parsed = parseLine('a && ! b || c; d');
    expect(parsed.ok && parsed.pipelines.map((p) => [p.when, p.negated])).toEqual([
      ['always', false],
      ['success', true],
      ['failure', false],
      ['always', false],
    ]);
  });

  it('reads redirections and here-documents', () => {
    const parsed = parseLine("a 2>&1 >/dev/null <<'EOF' | b &>/dev/null\n*filter\n  x $y\nEOF\nc <<< word");
    expect(parsed.ok && parsed.pipelines.map((p) => p.commands.map((c) => c.redirects))).toEqual([
      [
        [
          { fd: 2, to: 1 },
          { fd: 1, to: 'null' },
          { fd: 0, text: '*filter\n  x $y\n' },
        ],
        [
          { fd: 1, to: 'null' },
          { fd: 2, to: 1 },
        ],
      ],
      [[{ fd: 0, text: 'word\n' }]],
    ]);
  });

  it('reads files, and writes those of /proc/sys', () => {
    const parsed = parseLine('a < /proc/net/dev; echo 1 > /proc/sys/net/ipv4/ip_forward');
    expect(parsed.ok && parsed.pipelines.map((p) => p.commands[0]!.redirects)).toEqual([
      [{ fd: 0, path: '/proc/net/dev' }],
      [{ fd: 1, path: '/proc/sys/net/ipv4/ip_forward' }],
    ]);
  });

  it.each([
    ['a $b', /variable/],
    ['a "$(b)"', /substitution/],
    ['a `b`', /substitution/],
    ['X=1 a', /variable/],
    ['false; x=$?; true; echo $x', /keeps an exit code/],
    ['for i in $?; do a; b $i; done', /keeps an exit code/],
    ['false && x=1; a $x', /set behind &&/],
    ['for i; do a; done', /for NAME in WORDS/],
    ['for i in 1 2; do a', /without "done"/],
    ['for i in 1 2; do a; done | b', /a loop before/],
    ['a && for i in 1; do b; done', /a loop behind/],
    ['for i in $(seq 1 9999); do a; done', /more than/],
    ['while true; do a; done', /"while"/],
    ['a $(b)', /substitution/],
    ['a $1', /variable/],
    ['(a)', /subshell/],
    ['a &', /background/],
    ['a > file', /file/],
    ['a *', /pattern/],
    ["a 'b", /not closed/],
    ['&& a', /nothing before/],
  ])('says that it does not know %s', (line, construct) => {
    const parsed = parseLine(line);
    expect(parsed.ok ? 'read' : parsed.construct).toMatch(construct);
  });
});
