import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runLab } from '../../src/engine';
import { compareRecordings, describe as inWords } from './compare';

const at = (path: string) => new URL(path, import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(at(path), 'utf8'));
const names = readdirSync(at('labs'))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort();
const known = read('known.json') as Readonly<Record<string, string>>;

test('there are labs, each with a recording, and nothing else', () => {
  expect(names.length).toBeGreaterThanOrEqual(150);
  expect(names.filter((name) => !existsSync(at(`recordings/${name}.json`)))).toEqual([]);
  expect(readdirSync(at('recordings')).sort()).toEqual(names.map((name) => `${name}.json`).sort());
});

test('what is known to differ is a lab, with a reason', () => {
  expect(Object.keys(known).filter((name) => !names.includes(name))).toEqual([]);
  expect(Object.entries(known).filter(([, reason]) => reason.trim() === '')).toEqual([]);
});

describe('the engine does what the kernel did', () => {
  for (const name of names) {
    test(name, () => {
      const lab = read(`labs/${name}.json`) as { readonly name: string };
      expect(lab.name).toBe(name);
      const recording = read(`recordings/${name}.json`);
      if (name in known) {
        // A fault of the engine is a difference like any other.
        const differs = () => inWords(compareRecordings(recording, runLab(lab)));
        expect(differs, `${name} agrees now: take it out of known.json`).not.toSatisfy(agrees);
        return;
      }
      const differences = compareRecordings(recording, runLab(lab));
      expect(inWords(differences)).toBe('');
    });
  }
});

/** Runs it: whether there is no difference, and no fault. */
function agrees(differs: () => string): boolean {
  try {
    return differs() === '';
  } catch {
    return false;
  }
}
