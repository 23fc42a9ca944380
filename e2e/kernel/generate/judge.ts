import { runLab } from '../../../src/engine';
import { withoutChance } from '../chance';
import { compareRecordings, type Difference } from '../compare';
import type { Json } from '../json';
import { type Equality, withFaults } from '../report';
import { recordLabs } from './record';
import type { DraftLab } from './topology';

/** Says nothing about the engine, but is not agreement either. */
export const notRecorded = 'not recorded';

/** What came of a lab. Without differences: how it was equal; where chance had a part that is another way than `as-is`. */
interface Judgement {
  readonly differences: readonly Difference[];
  readonly equal?: Equality;
}

/** Seeds of the engine's random choices that are tried, besides its own. No port nor id equals one. */
const SEEDS = Array.from({ length: 64 }, (_, i) => 1_000_000 + i);

/**
 * Compares the engine with a kernel's recording. A kernel draws ports, and the engine does: where a rule can tell one port from
 * another the two stories part, and both are right. So if they differ, the engine's other choices are tried; it is the kernel's
 * equal if with one of them the whole recording is.
 */
export function judgeRecording(lab: object, recording: unknown): Judgement {
  const exact = withFaults(() => compareRecordings(recording as Json, runLab(lab) as unknown as Json));
  if (exact.length === 0) return { differences: exact, equal: 'as-is' };
  const want = withoutChance(lab, recording as Json);
  const compare = (one: object) =>
    withFaults(() => compareRecordings(want, withoutChance(lab, runLab(one) as unknown as Json)));
  const differences = compare(lab);
  if (differences.length === 0) return { differences, equal: 'but-for-drawn' };
  const drawn = SEEDS.some((seed) => compare({ ...lab, seed }).length === 0);
  return drawn ? { differences: [], equal: 'as-drawn' } : { differences };
}

/** Records labs and judges the engine. */
export async function judgeLabs(
  labs: readonly DraftLab[],
  recorder: string,
  jobs: number,
): Promise<readonly Judgement[]> {
  const recordings = await recordLabs(labs, recorder, jobs);
  return labs.map((lab, index) => {
    const recording = recordings[index];
    if (recording === null || recording === undefined) {
      return { differences: [{ kind: notRecorded, where: lab.name, text: 'the recorder has said why' }] };
    }
    return judgeRecording(lab, recording);
  });
}

/**
 * The same, with those that differ recorded once more: a kernel may have drawn a port that some number of the lab equals, which
 * hides that it was drawn. One that the engine equals then is said to be so.
 */
export async function judgeTwice(
  labs: readonly DraftLab[],
  recorder: string,
  jobs: number,
): Promise<readonly Judgement[]> {
  const first = await judgeLabs(labs, recorder, jobs);
  const open = [...labs.keys()].filter((index) => {
    const difference = first[index]?.differences[0];
    return difference !== undefined && difference.kind !== notRecorded;
  });
  const again = await judgeLabs(
    open.map((index) => labs[index] as DraftLab),
    recorder,
    jobs,
  );
  const judged = [...first];
  for (const [i, index] of open.entries()) {
    if (again[i]?.equal !== undefined) judged[index] = { differences: [], equal: 'recorded-again' };
  }
  return judged;
}
