import { explain } from '../explain';
import { type Lab, type Recording, run, toRecording, wholeToolbox } from '../lab';
import { ownFaults } from '../lab/lazy';
import { complete, live } from '../shell';
import { catalogue, findings, ruleForm } from '../xtables';
import { engineOf, type RunningEngine, readLabWith } from './engine';
import type { Parts } from './parts';
import { members, worldState } from './state';

const WHOLE: Parts = Object.freeze({
  ...wholeToolbox,
  ownFaults,
  explain,
  live,
  complete,
  members,
  worldState,
  catalogue,
  ruleForm,
  findings,
});

/** An engine that works in place, with all its parts. */
export function createEngine(): RunningEngine {
  return engineOf(WHOLE);
}

/** The lab, or a `LabError` with every diagnostic. */
export function readLab(lab: unknown): Lab {
  return readLabWith(lab, ownFaults);
}

/** Reads and runs a lab (text or value), and gives its recording. Throws `LabError` if it is none. */
export function runLab(lab: unknown): Recording {
  return toRecording(run(readLab(lab)));
}
