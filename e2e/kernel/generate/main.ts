import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Difference, describe } from '../compare';
import { byKind, type Finding, kindOf, summary } from '../report';
import { compareCorpus } from './corpus';
import { judgeLabs, judgeTwice, notRecorded } from './judge';
import { generateLab } from './lab';
import { compareLabs } from './labs';
import { shrink } from './shrink';
import type { DraftLab } from './topology';

const usage = `Runs random labs on this machine's kernel and on the engine, and compares. Needs Linux and root.

  npm run kernel -- --seed S --count N [--jobs 2] [--out DIR] [--wide 60] [--no-ip6] [--no-rare] [--no-shrink] [--shrink-most 10]
  npm run kernel -- labs LAB.json… [--out DIR]       labs of your own instead; DIR gets what the kernel made of them
  npm run kernel -- corpus [BEGINNING OF NAME…]      the labs and recordings of e2e/kernel instead, on any machine
`;
const batch = 50;

/** Exit codes: 0 no difference, 1 differences, 2 it could not run. `recorder` is the path of the recorder. */
export async function main(args: readonly string[], recorder: string): Promise<number> {
  if (args[0] === 'corpus') return compareCorpus(path.dirname(recorder), args.slice(1));
  if (args[0] === 'labs') {
    const { values, positionals } = parseArgs({
      args: args.slice(1),
      options: { out: { type: 'string' } },
      allowPositionals: true,
    });
    return compareLabs(recorder, positionals, values.out ?? null);
  }
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '100' },
      jobs: { type: 'string', default: '2' },
      out: { type: 'string', default: 'kernel-differences' },
      wide: { type: 'string', default: '60' },
      'no-ip6': { type: 'boolean', default: false },
      'no-rare': { type: 'boolean', default: false },
      'no-shrink': { type: 'boolean', default: false },
      'shrink-most': { type: 'string', default: '10' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const numbers = [values.seed, values.count, values.jobs, values['shrink-most'], values.wide].map(Number);
  if (values.help || numbers.some((n) => !Number.isSafeInteger(n) || n < 0)) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const [first = 1, count = 100, jobs = 2, most = 10, wide = 60] = numbers;
  const findings: Finding<DraftLab>[] = [];
  for (let at = first; at < first + count; at += batch) {
    const seeds = Array.from({ length: Math.min(batch, first + count - at) }, (_, i) => at + i);
    const labs = seeds.map((seed) => generateLab(seed, { ip6: !values['no-ip6'], rare: !values['no-rare'], wide }));
    const judged = await judgeTwice(labs, recorder, jobs);
    for (const [index, lab] of labs.entries()) {
      findings.push({ lab, name: String(seeds[index]), ...(judged[index] ?? { differences: [] }) });
    }
    console.error(`${findings.length} of ${count} labs`);
  }
  const kinds = byKind(findings);
  console.log(summary(findings));
  const save = (lab: DraftLab, kind: string, differences: readonly Difference[]) => {
    const file = path.join(values.out, `${lab.name}.json`);
    mkdirSync(values.out, { recursive: true });
    writeFileSync(file, `${JSON.stringify(lab, null, 1)}\n`);
    console.log(`\n${kind}\n${file}\n${describe(differences, 3)}`);
  };
  if (values['no-shrink']) {
    for (const [kind, group] of kinds) for (const { lab, differences } of group) save(lab, kind, differences);
  } else {
    for (const [kind, [example]] of kinds.filter(([name]) => name !== notRecorded).slice(0, most)) {
      if (example === undefined) continue;
      const small = await shrink(example.lab, async (labs) =>
        (await judgeLabs(labs, recorder, jobs)).map(
          ({ differences: [first] }) => first !== undefined && kindOf(first) === kind,
        ),
      );
      const [judged] = await judgeLabs([small], recorder, jobs);
      save(small, kind, judged?.differences ?? []);
    }
  }
  return kinds.length === 0 ? 0 : 1;
}
