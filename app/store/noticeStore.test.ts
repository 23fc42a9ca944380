import { expect, test } from 'vitest';
import { createNoticeStore, type Notice } from './noticeStore';

const undo = { action: { label: 'Undo', run: () => undefined }, undoes: true } as const;
const texts = (notices: readonly Notice[]): readonly string[] => notices.map((n) => n.text);

test('what an edit did can be undone from its message until the next edit', () => {
  const store = createNoticeStore();
  const { say, edited } = store.getState();
  say({ tone: 'info', text: 'Another tab changed it.' });
  say({ tone: 'info', text: 'Step 1 is removed.', ...undo });
  expect(texts(store.getState().notices)).toEqual(['Another tab changed it.', 'Step 1 is removed.']);
  edited();
  expect(texts(store.getState().notices)).toEqual(['Another tab changed it.']);
});

test('what went wrong is said after the next edit, too, but undone from there no more', () => {
  const store = createNoticeStore();
  store.getState().say({ tone: 'bad', text: 'router runs without a line.', ...undo });
  store.getState().edited();
  expect(texts(store.getState().notices)).toEqual(['router runs without a line.']);
  expect(store.getState().notices[0]?.action).toBeUndefined();
});

test('good news takes the place of good news, and of many messages the newest stand', () => {
  const store = createNoticeStore();
  const { say } = store.getState();
  say({ tone: 'ok', text: 'one' });
  say({ tone: 'ok', text: 'two' });
  expect(texts(store.getState().notices)).toEqual(['two']);
  for (const text of ['a', 'b', 'c']) say({ tone: 'bad', text });
  expect(texts(store.getState().notices)).toEqual(['a', 'b', 'c']);
});
