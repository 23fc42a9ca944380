/** What only commands need: it loads with the shell. */
export { addrCommand, linkCommand, neighCommand, routeCommand, ruleCommand } from './commands';
export { linkAddressBytes } from './link-address';
export { flushNeighbours, type NeighChange } from './net/neigh-command';
export { routeInput } from './route-get';
