import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expandLab, forKernel, type Lab, run, toRecording } from '../../src/engine';
import { compareRecordings, describe as inWords } from './compare';

/**
 * Commands that send packets, each played as one step: `hookline record` gave their plain sends and waits to a kernel, and
 * what that made of them is what the engine makes of the commands, and of the sends.
 */
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`commands/${file}`, import.meta.url), 'utf8'));
const lab = forKernel(read('lab.json') as Lab);

test('commands that send packets do on the wire what a kernel did', () => {
  expect(lab.steps.length).toBeGreaterThan(20);
  const trace = run(lab);
  expect(trace.steps.length).toBeGreaterThan(lab.steps.length);
  expect(inWords(compareRecordings(read('recording.json'), toRecording(trace)))).toBe('');
  const expanded = expandLab(trace);
  expect(expanded.steps.filter((step) => 'run' in step)).toEqual([]);
  expect(inWords(compareRecordings(read('recording.json'), toRecording(run(expanded))))).toBe('');
});

test('what the host cuts is expanded into its pieces', () => {
  const ping = { run: { host: 'client', command: 'ping -c 1 -s 3000 10.0.3.2' } };
  const { steps } = expandLab(run({ ...lab, steps: [ping] }));
  const pieces = steps.map((step) => ('send' in step ? step.send.packet.fragment : null));
  expect(pieces).toEqual([
    { offset: 0, length: 1480 },
    { offset: 1480, length: 1480 },
    { offset: 2960, length: 48 },
  ]);
});
