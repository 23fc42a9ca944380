import type { ExplainContext, Explanation } from '../explain';
import type { Host } from '../host';
import type { OwnCheck, Toolbox } from '../lab';
import type { TraceEvent } from '../model';
import type { Completion, LiveOutput, LiveStory } from '../shell';
import type { Finding, RuleForm, XtFamily } from '../xtables';
import type { Catalogue, SetMember } from './api';
import type { worldState } from './state';

/** What the engine is put together from. A part that is not there yet throws `PartMissing` when it is asked. */
export interface Parts extends Toolbox {
  /** Judges a host's hook functions and queue programs. */
  readonly ownFaults: OwnCheck;
  readonly explain: (event: TraceEvent, context: ExplainContext) => Explanation;
  /** What a command that listens prints of a piece of the run; null if it is no such command. */
  readonly live: (story: LiveStory) => LiveOutput | null;
  readonly complete: (host: Host, line: string, at: number) => readonly Completion[];
  readonly worldState: typeof worldState;
  readonly members: (host: Host, set: string) => readonly SetMember[];
  readonly catalogue: () => Catalogue;
  readonly ruleForm: (line: string, family: XtFamily) => RuleForm;
  readonly findings: (text: string, family: XtFamily) => readonly Finding[];
}
