import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runLab } from '../../../src/engine';
import { compareRecordings, describe } from '../compare';
import { type Finding, summary, withFaults } from '../report';

/**
 * Compares the engine with the recordings of the corpus, or with those whose names begin so. One lab alone is told in
 * full. Gives the exit code.
 */
export function compareCorpus(dir: string, prefixes: readonly string[]): number {
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(dir, file), 'utf8'));
  const names = readdirSync(path.join(dir, 'labs'))
    .map((file) => path.basename(file, '.json'))
    .filter((name) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix)))
    .sort();
  if (names.length === 0) {
    console.error('There is no such lab.');
    return 2;
  }
  const findings: Finding<null>[] = names.map((name) => {
    const compare = () => compareRecordings(read(`recordings/${name}.json`), runLab(read(`labs/${name}.json`)));
    return { lab: null, name, differences: withFaults(compare) };
  });
  console.log(summary(findings, 40));
  if (prefixes.length > 0) {
    for (const { name, differences } of findings) {
      if (differences.length > 0) console.log(`\n${name}\n${describe(differences, names.length === 1 ? 100 : 2)}`);
    }
  }
  return findings.every(({ differences }) => differences.length === 0) ? 0 : 1;
}
