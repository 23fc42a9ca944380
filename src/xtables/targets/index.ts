import type { Target } from '../record';
import { CHECKSUM } from './CHECKSUM';
import { CONNMARK } from './CONNMARK';
import { CT, NOTRACK } from './CT';
import { DSCP } from './DSCP';
import { HL, TTL } from './hops';
import { LOG } from './LOG';
import { MARK } from './MARK';
import { NETMAP } from './NETMAP';
import { NFLOG } from './NFLOG';
import { DNAT, MASQUERADE, REDIRECT, SNAT } from './nat';
import { REJECT } from './REJECT';
import { SET } from './SET';
import { TCPMSS } from './TCPMSS';
import { TOS } from './TOS';
import { TPROXY } from './TPROXY';

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
  NFLOG,
  CHECKSUM,
  TPROXY,
  NETMAP,
  SET,
];
