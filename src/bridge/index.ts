/** Ethernet bridges: learning, forwarding, flooding. What Netfilter does on a bridge is in src/host. */
export { Bridge } from './fdb';
