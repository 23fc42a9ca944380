import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expandLab, forKernel, run, shippedLabs, toRecording } from '../../src/engine';
import { compareRecordings, describe as inWords } from './compare';

/**
 * The labs that come along: `hookline record` wrote what a kernel made of them, and the engine has to agree, both when it
 * plays their client steps and when it is given the plain sends that the kernel was given.
 */
const at = (path: string) => new URL(path, import.meta.url);
const recordingOf = (name: string): unknown => JSON.parse(readFileSync(at(`shipped/${name}.json`), 'utf8'));

test('each lab that comes along has a recording, and nothing else has', () => {
  expect(shippedLabs.length).toBeGreaterThan(0);
  expect(shippedLabs.filter(({ name }) => !existsSync(at(`shipped/${name}.json`)))).toEqual([]);
  expect(readdirSync(at('shipped')).sort()).toEqual(shippedLabs.map(({ name }) => `${name}.json`).sort());
});

describe('a lab that comes along does what the kernel did', () => {
  for (const { name, load } of shippedLabs) {
    test(name, async () => {
      const trace = run(forKernel(await load()));
      expect(inWords(compareRecordings(recordingOf(name), toRecording(trace)))).toBe('');
      const expanded = toRecording(run(expandLab(trace)));
      expect(inWords(compareRecordings(recordingOf(name), expanded))).toBe('');
    });
  }
});
