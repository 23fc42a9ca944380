import type { RuleForm } from '../../src/engine';

type Forms = ReadonlyMap<string, RuleForm>;

/** So many forms are kept; those that were kept first go first. */
const KEPT = 6000;

/** The forms of rule lines, by the text of the line: asked of the engine all at once, and kept. */
export class FormBook {
  forms: Forms = new Map();
  private asked = new Set<string>();
  private queue: string[] = [];
  private readonly ask: (lines: readonly string[]) => Promise<readonly RuleForm[]>;
  private readonly changed: (forms: Forms) => void;

  /** `changed` is told of the forms when there are others. */
  constructor(ask: (lines: readonly string[]) => Promise<readonly RuleForm[]>, changed: (forms: Forms) => void) {
    this.ask = ask;
    this.changed = changed;
  }

  /** Asks for the forms that are not there; all that is wanted in one go is one question. */
  want(lines: readonly string[]): void {
    const missing = lines.filter((line) => !this.asked.has(line) && !this.forms.has(line));
    if (missing.length === 0) return;
    for (const line of missing) this.asked.add(line);
    if (this.queue.length === 0) queueMicrotask(() => void this.flush());
    this.queue.push(...missing);
  }

  keep(found: readonly RuleForm[]): void {
    const forms = new Map(this.forms);
    for (const form of found) forms.set(form.line, form);
    for (const line of forms.keys()) {
      if (forms.size <= KEPT) break;
      forms.delete(line);
      this.asked.delete(line);
    }
    this.forms = forms;
    this.changed(forms);
  }

  /** Another text is edited: what is still asked for it does not count. */
  clear(): void {
    this.forms = new Map();
    this.asked = new Set();
    this.queue = [];
  }

  private async flush(): Promise<void> {
    const { asked, queue: lines } = this;
    this.queue = [];
    if (lines.length === 0) return;
    try {
      const answer = await this.ask(lines);
      if (asked === this.asked) this.keep(answer);
    } catch {
      for (const line of lines) asked.delete(line);
    }
  }
}
