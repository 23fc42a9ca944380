import { expect, test } from 'vitest';
import { shippedLabs } from '../../src/engine';
import { firstHost } from './labView';

test('the host on show first is that of the lab, else the one with the rules', async () => {
  const first = new Map(
    await Promise.all(shippedLabs.map(async ({ name, load }) => [name, firstHost(await load())] as const)),
  );
  expect(first.get('home-router')).toBe('router');
  expect(first.get('docker-host')).toBe('docker');
  expect(firstHost({ format: 'lab/1', name: 'x', hosts: { a: {}, b: {} }, steps: [] })).toBe('a');
  expect(firstHost({ format: 'lab/1', name: 'x', hosts: {}, steps: [] })).toBe('');
});
