import type { Target } from '../record';
import { CONNMARK } from './CONNMARK';
import { CT, NOTRACK } from './CT';
import { DSCP } from './DSCP';
import { HL, TTL } from './hops';
import { LOG } from './LOG';
import { MARK } from './MARK';
import { DNAT, MASQUERADE, REDIRECT, SNAT } from './nat';
import { REJECT } from './REJECT';
import { TCPMSS } from './TCPMSS';
import { TOS } from './TOS';

/** Every target that is no verdict and no chain, in the order of a catalogue: the common ones first. */
export const targets: readonly Target[] = [
  REJECT,
  LOG,
  MASQUERADE,
  DNAT,
  SNAT,
  REDIRECT,
  MARK,
  CONNMARK,
  CT,
  NOTRACK,
  TCPMSS,
  TTL,
  HL,
  DSCP,
  TOS,
];
