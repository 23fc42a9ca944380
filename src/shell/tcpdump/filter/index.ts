/** Filters of tcpdump: read as pcap_compile() does, and held against frames. */
export { frameBytes, matches } from './evaluate';
export { parseFilter } from './parse';
export type { Filter } from './types';
