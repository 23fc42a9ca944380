import type { ExplainContext, Explanation } from '../explain';
import type { Toolbox } from '../lab';
import type { TraceEvent } from '../model';
import type { Finding, RuleForm } from '../xtables';
import type { Catalogue } from './api';

/** What the engine is put together from. A part that is not there yet throws `PartMissing` when it is asked. */
export interface Parts extends Toolbox {
  readonly explain: (event: TraceEvent, context: ExplainContext) => Explanation;
  readonly catalogue: () => Catalogue;
  readonly ruleForm: (line: string, family: 'ip' | 'ip6') => RuleForm;
  readonly findings: (text: string, family: 'ip' | 'ip6') => readonly Finding[];
}
