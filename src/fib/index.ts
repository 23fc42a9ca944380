/** Routing tables, policy rules, and how a packet's route is found. */
export { changeRoute } from './apply-route';
export { addRule, deleteRule, flushRules } from './apply-rule';
export type { AddVerb } from './change';
export { Fib, flowTo } from './fib';
export { forgetAddress, type OwnAddress, type OwnInterface, syncImplied } from './implied';
export { attempt, type FibLoad, loadRoutes, loadRules } from './load';
export { addrType4 } from './make4';
export { dsfieldOf, protocolText, scopeText, tableOf, tableText, unsigned } from './names';
export { parseRoute, type RouteRequest } from './parse-route';
export { parseRule, type RuleRequest } from './parse-rule';
export { compareRoutes, metricsText, printRoute, realmsText, routeText } from './print-route';
export { printRule } from './print-rule';
export { rulesNeedPorts } from './rules';
export type { FibTable } from './table';
export {
  type FibDevices,
  type FibError,
  type FibFlow,
  type FibResult,
  type Nexthop,
  type PolicyRule,
  type Route,
  type RouteType,
  RTPROT,
  SCOPE,
  TABLE,
} from './types';
export { IpError, Reader, readPrefix, splitWords, type Word } from './words';
