import { describe, expect, test } from 'vitest';
import type { Lab } from '../../src/engine';
import { fragmentOf, labOfFragment } from './share';
import { isShareFragment } from './shareLink';

const lab: Lab = {
  format: 'lab/1',
  name: 'test',
  title: 'Ümläute ☃',
  hosts: { router: { iptables: '*filter\n-A INPUT -j DROP\nCOMMIT\n'.repeat(50) } },
  steps: [{ wait: { seconds: 1 } }],
};

describe('share links', () => {
  test('carry a lab there and back', async () => {
    const fragment = await fragmentOf(lab);
    expect(fragment).toMatch(/^lab=1\.[a-z0-9]{7}\.[\w-]+$/);
    expect(fragment.length).toBeLessThan(500);
    expect(isShareFragment(`#${fragment}`)).toBe(true);
    expect(await labOfFragment(`#${fragment}`)).toEqual({ kind: 'lab', lab });
  });

  test('a large lab survives', async () => {
    const large: Lab = {
      ...lab,
      steps: Array.from({ length: 20_000 }, (_, i) => ({ wait: { seconds: Math.abs(Math.sin(i)) } })),
    };
    expect(await labOfFragment(await fragmentOf(large))).toEqual({ kind: 'lab', lab: large });
  });

  test('a damaged link says so, whatever is wrong', async () => {
    const good = await fragmentOf(lab);
    const damaged = [
      '',
      '#lab=',
      '#lab=1.',
      '#lab=1.abc',
      '#lab=2.abcdefg.AAAA',
      '#/host/router',
      good.slice(0, -1),
      good.slice(0, good.length / 2),
      good.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')),
      `${good}%20`,
      `${good}.more`,
      good.replace('.', '..'),
      `${good.slice(0, 30)} ${good.slice(30)}`,
      good.toUpperCase(),
    ];
    for (const text of damaged)
      expect(await labOfFragment(text)).toMatchObject({ kind: 'damaged', why: expect.stringMatching(/\.$/) });
  });

  test('what is no lab is not opened', async () => {
    for (const value of [{ format: 'recording/1' }, [], null, 7, { ...lab, steps: 'x' }]) {
      const fragment = await fragmentOf(value as unknown as Lab);
      expect(await labOfFragment(fragment)).toEqual({ kind: 'damaged', why: 'What is in it is not a lab.' });
    }
  });

  test('a link that unpacks without end is stopped', async () => {
    const { deflateSync } = await import('fflate');
    const bomb = { ...lab, title: 'a'.repeat(20_000_000) };
    expect(deflateSync(new TextEncoder().encode(bomb.title)).length).toBeLessThan(30_000);
    expect(await labOfFragment(await fragmentOf(bomb))).toMatchObject({ kind: 'damaged' });
  });
});
