import type { Match, OptionSpec, OptionSpecs, ReadCall, RuleCall, Target, Use, Uses } from '../record';
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
    const { spec, key } = entry;
    const inverted = call.negated && !spec.negatable ? this.cannotInvert(entry) : null;
    if (inverted !== null && spec.notFirst) return inverted;
    const twice = this.givenTwice(entry);
    if (twice !== null) return twice;
    if (inverted !== null) return inverted;
    const name = this.record.name;
    const spoken = spec.spoken ?? key;
    const before = this.uses[key];
    const { negated } = call;
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

  private cannotInvert({ spec, key }: OptionEntry): Refusal | null {
    if (spec.onNot === '') return null;
    const usual = `${this.record.name}: option "--${spec.spoken ?? key}" cannot be inverted.\n`;
    return new Refusal('not-negatable', spec.onNot ?? usual);
  }

  /** The option, or another that counts as the same, was given before. */
  givenTwice({ spec, key }: OptionEntry): Refusal | null {
    if (spec.repeatable) return null;
    const given = this.uses[key] !== undefined || spec.rivals.some((other) => this.uses[other] !== undefined);
    if (!given && !spec.givenBy?.(this.uses as Uses<OptionSpecs>)) return null;
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
    const refused = this.record.before(uses);
    if (refused !== null) return refused;
    const [fault, missing] = this.fault();
    if (missing) return fault!;
    // What the extension itself finds, the tool says before what options do not go together.
    const config = this.record.parse(uses, call);
    return config instanceof Refusal ? config : (fault ?? config);
  }

  /** The first fault among the options, one after the other, and whether any lacks. */
  private fault(): readonly [fault: Refusal | null, missing: boolean] {
    let fault: Refusal | null = null;
    let missing = false;
    for (const { key, spec } of this.loadable.options.bound) {
      const given = this.uses[key] !== undefined;
      if (!given && !spec.required) continue;
      const needed = given ? spec.needs.find((need) => this.uses[need] === undefined) : undefined;
      missing ||= !given || needed !== undefined;
      fault ??= given ? this.clash(key, spec, needed) : this.refusal(key, 'must be specified\n');
    }
    return [fault, missing];
  }

  private clash(key: string, spec: OptionSpec, needed: string | undefined): Refusal | null {
    if (needed !== undefined) return this.refusal(key, `also requires "--${this.spoken(needed)}".\n`);
    const other = spec.excludes.find((rival) => rival !== key && this.uses[rival] !== undefined);
    if (other === undefined) return null;
    const message = `cannot be used together with "--${this.spoken(other)}".\n`;
    return this.refusal(key, message, 'options-clash');
  }

  private refusal(key: string, message: string, code: 'option-missing' | 'options-clash' = 'option-missing'): Refusal {
    return new Refusal(code, `${this.record.name}: option "--${this.spoken(key)}" ${message}`);
  }

  private spoken(key: string): string {
    return this.record.options[key]!.spoken ?? key;
  }
}

const NOTHING: readonly never[] = Object.freeze([]);

/** What readers of values are told; one object for all of a line. */
export type Call = { -readonly [K in keyof ReadCall]: ReadCall[K] };
