/** What only commands need: it loads with the shell. */
export { addrCommand, linkCommand, neighCommand, routeCommand, ruleCommand } from './commands';
export { routeInput } from './route-get';
