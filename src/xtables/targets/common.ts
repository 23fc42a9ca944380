import type { Target } from '../record';
import { CT, NOTRACK } from './CT';
import { MARK } from './MARK';
import { DNAT, MASQUERADE, REDIRECT, SNAT } from './nat';
import { REJECT } from './REJECT';
import { TCPMSS } from './TCPMSS';

/** The targets that most rulesets are made of, in the order of a catalogue. The others load when one is wanted. */
export const commonTargets: readonly Target[] = [REJECT, MASQUERADE, DNAT, SNAT, REDIRECT, MARK, TCPMSS, CT, NOTRACK];
