import { loadSets } from '../ipset';
import { configureOwn } from '../own';
import { exec, talks } from '../shell';
import { allExtensions } from '../xtables';
import { RulesetCache } from './ruleset-cache';
import { Run } from './run';
import type { Toolbox } from './toolbox';
import type { Trace } from './trace';
import type { Lab } from './types';

/** Every part there is. */
export const wholeToolbox: Toolbox = Object.freeze({
  extensions: () => allExtensions,
  exec,
  talks,
  loadSets,
  configureOwn,
});

/** Runs a lab to its end. */
export function run(lab: Lab): Trace {
  const run = Run.start(lab, new RulesetCache(wholeToolbox), { checkpoints: false });
  for (const _ of run.play());
  return run.trace();
}
