import type { Match, OptionSpecs, ReadCall, RuleCall, Target, Use, Uses } from '../record';
import { type Read, Refusal } from '../refusal';
import type { Loadable, OptionEntry } from '../registry';

/** An extension in use by the rule that is being read, with the options given to it so far. */
export class Loaded<T extends Match | Target> {
  readonly record: T;
  readonly loadable: Loadable<T>;
  /** Index of the word that asked for it. */
  readonly at: number;
  /** A later `-m` of the same match took over: options go to that one. */
  completed = false;
  private order = 0;
  private readonly uses: Record<string, Use<unknown>> = {};

  constructor(loadable: Loadable<T>, at: number) {
    this.loadable = loadable;
    this.record = loadable.record;
    this.at = at;
  }

  /** Takes one option; `line` is told what the tool remarks. Kernel side: xtables_option_parse() */
  take(entry: OptionEntry, text: string, call: Call, line: { warn(text: string): void }): Refusal | null {
    const twice = this.givenTwice(entry);
    if (twice !== null) return twice;
    const { spec, key } = entry;
    const name = this.record.name;
    const spoken = spec.spoken ?? key;
    const before = this.uses[key];
    const { negated } = call;
    if (negated && !spec.negatable && spec.onNot !== '') {
      return new Refusal('not-negatable', spec.onNot ?? `${name}: option "--${spoken}" cannot be inverted.\n`);
    }
    const warning = spec.warning?.(entry.name, text, call.family) ?? null;
    if (warning !== null) line.warn(warning);
    let value: unknown = true;
    if (spec.kind !== null) {
      call.extension = name;
      call.flag = spoken;
      value = spec.kind.read(text, call);
      if (value instanceof Refusal) return value;
    }
    const refused = spec.taken?.(this.uses as Uses<OptionSpecs>, value) ?? null;
    if (refused !== null) return refused;
    const order = this.order++;
    const all = spec.repeatable ? [...(before?.all ?? NOTHING), { value, negated, order }] : NOTHING;
    this.uses[key] = { value, negated, order, all };
    return null;
  }

  /** The option, or another that counts as the same, was given before. */
  givenTwice({ spec, key }: OptionEntry): Refusal | null {
    if (spec.repeatable) return null;
    if (this.uses[key] === undefined && !spec.rivals.some((other) => this.uses[other] !== undefined)) return null;
    const usual = `${this.record.name}: option "--${spec.spoken ?? key}" can only be used once.\n`;
    return new Refusal('option-twice', spec.twice ?? usual);
  }

  /**
   * What holds between options, then the record's own reading; `line` is told what the tool remarks.
   * Kernel side: xtables_option_mfcall(), xtables_options_fcheck()
   */
  finish(call: RuleCall, line: { warn(text: string): void }): Read<object> {
    for (const key of Object.keys(this.uses)) {
      const remark = this.record.options[key]!.remark;
      if (remark !== null) line.warn(remark);
    }
    const uses = this.uses as Uses<OptionSpecs>;
    const refused = this.record.before(uses) ?? this.missing();
    if (refused !== null) return refused;
    // What the extension itself finds, the tool says before what options do not go together.
    const config = this.record.parse(uses, call);
    return config instanceof Refusal ? config : (this.clash() ?? config);
  }

  private missing(): Refusal | null {
    const { name } = this.record;
    for (const key of this.loadable.options.required) {
      if (this.uses[key] !== undefined) continue;
      return new Refusal('option-missing', `${name}: option "--${this.spoken(key)}" must be specified\n`);
    }
    for (const { key, spec } of this.loadable.options.bound) {
      if (this.uses[key] === undefined) continue;
      const other = spec.needs.find((need) => this.uses[need] === undefined);
      if (other === undefined) continue;
      const message = `${name}: option "--${this.spoken(key)}" also requires "--${this.spoken(other)}".\n`;
      return new Refusal('option-missing', message);
    }
    return null;
  }

  private clash(): Refusal | null {
    for (const { key, spec } of this.loadable.options.bound) {
      if (this.uses[key] === undefined) continue;
      const other = spec.excludes.find((rival) => rival !== key && this.uses[rival] !== undefined);
      if (other === undefined) continue;
      const message = `option "--${this.spoken(key)}" cannot be used together with "--${this.spoken(other)}".\n`;
      return new Refusal('options-clash', `${this.record.name}: ${message}`);
    }
    return null;
  }

  private spoken(key: string): string {
    return this.record.options[key]!.spoken ?? key;
  }
}

const NOTHING: readonly never[] = Object.freeze([]);

/** What readers of values are told; one object for all of a line. */
export type Call = { -readonly [K in keyof ReadCall]: ReadCall[K] };
