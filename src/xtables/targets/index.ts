import type { Target } from '../record';
import { AUDIT } from './AUDIT';
import { CHECKSUM } from './CHECKSUM';
import { CLASSIFY } from './CLASSIFY';
import { CLUSTERIP } from './CLUSTERIP';
import { CONNMARK } from './CONNMARK';
import { CT, NOTRACK } from './CT';
import { DSCP } from './DSCP';
import { ECN } from './ECN';
import { HMARK } from './HMARK';
import { HL, TTL } from './hops';
import { IDLETIMER } from './IDLETIMER';
import { LED } from './LED';
import { LOG } from './LOG';
import { MARK } from './MARK';
import { NETMAP } from './NETMAP';
import { NFLOG } from './NFLOG';
import { NFQUEUE } from './NFQUEUE';
import { DNAT, MASQUERADE, REDIRECT, SNAT } from './nat';
import { DNPT, SNPT } from './npt';
import { RATEEST } from './RATEEST';
import { REJECT } from './REJECT';
import { CONNSECMARK, SECMARK } from './SECMARK';
import { SET } from './SET';
import { SYNPROXY } from './SYNPROXY';
import { TCPMSS } from './TCPMSS';
import { TCPOPTSTRIP } from './TCPOPTSTRIP';
import { TEE } from './TEE';
import { TOS } from './TOS';
import { TPROXY } from './TPROXY';
import { TRACE } from './TRACE';
import { ULOG } from './ULOG';

/** Every target that is no verdict and no chain, in the order of a catalogue: the most used first. */
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
  TRACE,
  SYNPROXY,
  NFQUEUE,
  TEE,
  ECN,
  CLASSIFY,
  AUDIT,
  SECMARK,
  CONNSECMARK,
  TCPOPTSTRIP,
  DNPT,
  SNPT,
  RATEEST,
  IDLETIMER,
  HMARK,
  LED,
  CLUSTERIP,
  ULOG,
];
