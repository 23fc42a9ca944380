import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runLab } from '../../../src/engine';
import { compareRecordings, type Difference, describe } from '../compare';
import { generateLab } from './lab';
import { recordLabs } from './record';
import { shrink } from './shrink';
import type { DraftLab } from './topology';

const usage = `Runs random labs on this machine's kernel and on the engine, and compares. Needs Linux and root.

  npm run kernel -- --seed S --count N [--jobs 2] [--out DIR] [--no-ip6] [--no-shrink] [--shrink-most 10]
`;
const batch = 50;

/** Exit codes: 0 no difference, 1 differences, 2 it could not run. `recorder` is the path of the recorder. */
export async function main(args: readonly string[], recorder: string): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '100' },
      jobs: { type: 'string', default: '2' },
      out: { type: 'string', default: 'kernel-differences' },
      'no-ip6': { type: 'boolean', default: false },
      'no-shrink': { type: 'boolean', default: false },
      'shrink-most': { type: 'string', default: '10' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const numbers = [values.seed, values.count, values.jobs, values['shrink-most']].map(Number);
  if (values.help || numbers.some((n) => !Number.isSafeInteger(n) || n < 0)) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const [first = 1, count = 100, jobs = 2, most = 10] = numbers;
  const judge = (labs: readonly DraftLab[]) => judgeLabs(labs, recorder, jobs);

  const found = new Map<string, { readonly lab: DraftLab; readonly differences: readonly Difference[] }[]>();
  let equal = 0;
  for (let at = first; at < first + count; at += batch) {
    const seeds = Array.from({ length: Math.min(batch, first + count - at) }, (_, i) => at + i);
    const labs = seeds.map((seed) => generateLab(seed, { ip6: !values['no-ip6'] }));
    for (const [index, differences] of (await judge(labs)).entries()) {
      const lab = labs[index] as DraftLab;
      const kind = differences[0] === undefined ? undefined : kindOf(differences[0]);
      if (kind === undefined) equal++;
      else found.set(kind, [...(found.get(kind) ?? []), { lab, differences }]);
    }
    console.error(`${Math.min(at + batch, first + count) - first} of ${count} labs, ${equal} equal`);
  }
  const kinds = [...found].sort((a, b) => b[1].length - a[1].length);
  console.log(`${equal} of ${count} equal`);
  for (const [kind, labs] of kinds) {
    const names = labs.slice(0, 8).map(({ lab }) => lab.name.replace('random-', ''));
    console.log(
      `${String(labs.length).padStart(5)} × ${kind}: seeds ${names.join(', ')}${labs.length > 8 ? ', …' : ''}`,
    );
  }
  if (!values['no-shrink']) {
    for (const [kind, [example]] of kinds.slice(0, most)) {
      if (example === undefined) continue;
      const small = await shrink(example.lab, async (labs) =>
        (await judge(labs)).map((differences) => differences[0] !== undefined && kindOf(differences[0]) === kind),
      );
      const [differences = []] = await judge([small]);
      const file = path.join(values.out, `${small.name}.json`);
      mkdirSync(values.out, { recursive: true });
      writeFileSync(file, `${JSON.stringify(small, null, 1)}\n`);
      console.log(`\n${kind}\n${file}\n${describe(differences, 3)}`);
    }
  }
  return kinds.length === 0 ? 0 : 1;
}

/** Differences that have the same cause often have the same kind and, if a table has to do with it, the same chain. */
function kindOf({ kind, text }: Difference): string {
  if (kind === 'not modelled' || kind === 'fault') return `${kind}: ${text.split('\n')[0]}`;
  const place = /expected ip6? (\w+ [A-Z]+)|also: ip6? (\w+ [A-Z]+)|should be: ip6? (\w+ [A-Z]+)/.exec(text);
  const chain = place?.slice(1).find((part) => part !== undefined);
  return chain === undefined ? kind : `${kind} at ${chain}`;
}

async function judgeLabs(
  labs: readonly DraftLab[],
  recorder: string,
  jobs: number,
): Promise<readonly (readonly Difference[])[]> {
  const recordings = await recordLabs(labs, recorder, jobs);
  return labs.map((lab, index) => {
    const recording = recordings[index];
    // A lab that cannot be recorded says nothing about the engine; the recorder has said why.
    if (recording === null || recording === undefined) return [];
    try {
      return compareRecordings(recording, runLab(lab));
    } catch (error) {
      const text = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
      return [{ kind: 'fault', where: lab.name, text }];
    }
  });
}
