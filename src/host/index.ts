/** One network namespace: ip_rcv() … dev_queue_xmit(), sockets, ICMP errors, and its configuration. */
export { configureInterfaces, loadRouteText, loadRuleText } from './configure';
export type { Device, HostAddr } from './device';
export { Host } from './host';
export { flushPmtu, knowsPmtu, pmtuOf, updatePmtu } from './net/pmtu';
export { pathMtu } from './net/to-peer';
export { rawSend } from './send';
export type { HostSkb } from './skb';
export type { QueueEntry, QueueProgram } from './slow';
export { clientFor, openClient } from './sockets/clients';
export type * from './types';
