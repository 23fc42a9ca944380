import { expect, test } from 'vitest';
import { shortcut } from './keys';

test('a shortcut has the keys of the keyboard at hand', () => {
  expect([shortcut('K', false, true), shortcut('Z', true, true)]).toEqual(['⌘K', '⇧⌘Z']);
  expect([shortcut('K', false, false), shortcut('Z', true, false)]).toEqual(['Ctrl K', 'Ctrl ⇧ Z']);
});
