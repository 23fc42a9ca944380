import { expect, test } from 'vitest';
import type { Finding } from '../../src/engine';
import { carryFindings, type Findings } from './carryFindings';

const finding = (line: number, because: number): Finding => ({
  kind: because === 0 ? 'uncalled' : 'shadowed',
  table: 'filter',
  line,
  because,
  message: `of line ${line}`,
});
const LINES = ['*filter', ':INPUT DROP', ':WEB -', '-A INPUT -j ACCEPT', '-A INPUT -p tcp', '-A WEB', 'COMMIT'];
const FOUND: Findings = new Map([
  [3, [finding(3, 0)]],
  [5, [finding(5, 4)]],
]);
const edited = (line: number, ...texts: readonly string[]): readonly string[] => LINES.toSpliced(line - 1, 1, ...texts);

test('what an edit does not touch stays as it is', () => {
  expect(carryFindings(FOUND, LINES, edited(6, '-A WEB -p tcp'))).toBe(FOUND);
});

test('what stands below an edit moves with its line, and with the line that is its reason', () => {
  const below = carryFindings(FOUND, LINES, edited(1, '# one', '*filter'));
  expect([...below]).toEqual([
    [4, [{ ...finding(3, 0), line: 4 }]],
    [6, [{ ...finding(5, 4), line: 6, because: 5 }]],
  ]);
  expect(carryFindings(FOUND, LINES, edited(1)).get(4)).toEqual([{ ...finding(5, 4), line: 4, because: 3 }]);
});

test('what was found in a line that is edited, or because of it, is left out', () => {
  expect([...carryFindings(FOUND, LINES, edited(5, '-A INPUT -p udp')).keys()]).toEqual([3]);
  expect([...carryFindings(FOUND, LINES, edited(4, '-A INPUT -i lo -j ACCEPT')).keys()]).toEqual([3]);
  expect([...carryFindings(FOUND, LINES, edited(3)).keys()]).toEqual([4]);
});
