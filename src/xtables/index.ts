/**
 * xtables: iptables and ip6tables rulesets — read, checked, printed, changed by command, walked by packets.
 */
export { catalogue } from './catalogue';
export { programOf } from './command/errors';
export { type RestoreOptions, restore, runCommand } from './command/run';
export { commonExtensions } from './common';
export { isPassedOver, type RuleEdit, ruleEdit } from './edit';
export { allExtensions } from './extensions';
export { findings } from './findings';
export { saveText } from './print/save';
export type { ExtensionHook } from './record';
export type { Extensions } from './registry';
export { TABLE_NAMES } from './rule';
export { type KeptState, ruleState } from './rule-state';
export { iptDoTable, ruleMatches } from './run/walk';
export { type XtTable, XtTables } from './state/tables';
export { loadDocument, readSave, type SaveDocument } from './text/document';
export { ruleForm } from './text/form';
export { LineCache } from './text/line-cache';
export { rereadRule } from './text/reread';
export * from './types';
export {
  type ChainView,
  chainView,
  extensionHooks,
  needsAccounting,
  needsConntrack,
  needsDefrag,
  type RuleView,
  recordedCounters,
  setReferences,
} from './view';
