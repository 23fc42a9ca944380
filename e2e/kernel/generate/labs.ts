import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe } from '../compare';
import { judgeRecording } from './judge';
import { recordLabs } from './record';

/**
 * Records labs on this machine's kernel and compares the engine with that. `--out DIR` keeps the recordings. Gives the
 * exit code.
 */
export async function compareLabs(recorder: string, files: readonly string[], out: string | null): Promise<number> {
  if (files.length === 0) {
    console.error('No lab is named.');
    return 2;
  }
  const labs = files.map((file): object => JSON.parse(readFileSync(file, 'utf8')));
  const recordings = await recordLabs(labs, recorder, 1);
  let equal = 0;
  for (const [index, file] of files.entries()) {
    const name = path.basename(file, '.json');
    const recording = recordings[index];
    if (recording === null || recording === undefined) {
      console.log(`\n${name}\nnot recorded: the recorder has said why`);
      continue;
    }
    if (out !== null) {
      mkdirSync(out, { recursive: true });
      writeFileSync(path.join(out, `${name}.json`), `${JSON.stringify(recording, null, 1)}\n`);
    }
    const { differences, equal: how } = judgeRecording(labs[index] ?? {}, recording);
    if (differences.length === 0) {
      equal++;
      if (how !== 'as-is') console.log(`\n${name}\nequal, where chance had a part (${how})`);
    } else console.log(`\n${name}\n${describe(differences, files.length === 1 ? 100 : 6)}`);
  }
  console.log(`${equal} of ${files.length} equal`);
  return equal === files.length ? 0 : 1;
}
