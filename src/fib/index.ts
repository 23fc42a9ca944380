/** Routing tables, policy rules, and how a packet's route is found. */
export { changeRoute } from './apply-route';
export { addRule } from './apply-rule';
export { deleteRule, flushRules } from './delete-rule';
export { Fib, flowTo } from './fib';
export { addImplied, forgetAddress, type OwnInterface, syncImplied } from './implied';
export { attempt, loadRoutes, loadRules } from './load';
export { fibTableLookup } from './lookup4';
export { addrType4 } from './make4';
export {
  dsfieldOf,
  dsfieldText,
  protocolOf,
  protocolText,
  realmOf,
  scopeOf,
  scopeText,
  tableOf,
  tableText,
  unsigned,
} from './names';
export { parseRoute } from './parse-route';
export { parseRule } from './parse-rule';
export {
  compareRoutes,
  metricFields,
  prefField,
  printRoute,
  realmFields,
  routeFields,
  routeText,
  viaFields,
} from './print-route';
export { printRule, ruleFields } from './print-rule';
export { rulesNeedPorts } from './rules';
export {
  type FibDevices,
  type FibError,
  type FibFlow,
  type FibResult,
  type Nexthop,
  type PolicyRule,
  type Route,
  RTPROT,
  SCOPE,
  TABLE,
  TCP_CONGESTION,
} from './types';
export { IpError, Reader, readAddr, readPrefix } from './words';
