/** One network namespace: ip_rcv() … dev_queue_xmit(), sockets, ICMP errors, and its configuration. */
export { Host, type HostOptions } from './host';
export type * from './types';
