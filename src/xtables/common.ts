import { commonMatches } from './matches/common';
import { makeExtensions } from './registry';
import { commonTargets } from './targets/common';

/** Targets that `commonExtensions` lacks; a test holds this list to the full one. */
const MISSING = [
  'LOG',
  'CONNMARK',
  'TTL',
  'HL',
  'DSCP',
  'TOS',
  'NFLOG',
  'CHECKSUM',
  'TPROXY',
  'NETMAP',
  'SET',
  'TRACE',
  'SYNPROXY',
  'NFQUEUE',
  'TEE',
  'ECN',
  'CLASSIFY',
  'AUDIT',
  'SECMARK',
  'CONNSECMARK',
  'TCPOPTSTRIP',
  'DNPT',
  'SNPT',
  'RATEEST',
  'IDLETIMER',
  'HMARK',
  'LED',
  'CLUSTERIP',
  'ULOG',
];

/** The extensions that a page begins with; it loads the others when one is wanted. */
export const commonExtensions = makeExtensions(commonMatches, commonTargets, MISSING);
