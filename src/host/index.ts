/** One network namespace: ip_rcv() … dev_queue_xmit(), sockets, ICMP errors, and its configuration. */
export { Host, type HostOptions } from './host';
export { routeInput } from './route-get';
export { rawSend } from './send';
export type { HostSkb } from './skb';
export type { QueueEntry, QueueProgram } from './slow';
export { clientFor } from './sockets/clients';
export type * from './types';
