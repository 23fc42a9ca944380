import { nearest } from '../../base';
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
  private readonly uses: Record<string, Use<unknown>> = {};

  constructor(loadable: Loadable<T>, at: number) {
    this.loadable = loadable;
    this.record = loadable.record;
    this.at = at;
  }

  /** Takes one option. Kernel side: xtables_option_parse() */
  take(entry: OptionEntry, text: string, call: Omit<ReadCall, 'extension' | 'flag'>): Refusal | null {
    const { spec, key } = entry;
    const name = this.record.name;
    const spoken = spec.spoken ?? key;
    const before = this.uses[key];
    if (before !== undefined && !spec.repeatable) {
      return new Refusal('option-twice', spec.twice ?? `${name}: option "--${spoken}" can only be used once.\n`);
    }
    if (call.negated && !spec.negatable) {
      return new Refusal('not-negatable', `${name}: option "--${spoken}" cannot be inverted.\n`);
    }
    let value: unknown = true;
    if (spec.kind !== null) {
      value = spec.kind.read(text, { ...call, extension: name, flag: spoken });
      if (value instanceof Refusal) return value;
    }
    const one = { value, negated: call.negated };
    this.uses[key] = { ...one, all: before === undefined ? [one] : [...before.all, one] };
    return null;
  }

  /** What holds between options, then the record's own reading. Kernel side: xtables_option_mfcall(), …fcheck() */
  finish(call: RuleCall): Read<object> {
    const clash = this.clash();
    if (clash !== null) return clash;
    return this.record.parse(this.uses as Uses<OptionSpecs>, call);
  }

  private clash(): Refusal | null {
    const { name, options } = this.record;
    for (const key in options) {
      const spec = options[key]!;
      const used = this.uses[key] !== undefined;
      if (spec.required && !used) {
        return new Refusal('option-missing', `${name}: option "--${key}" must be specified\n`);
      }
      if (!used) continue;
      for (const other of spec.needs) {
        if (this.uses[other] === undefined) {
          return new Refusal('option-missing', `${name}: option "--${key}" also requires "--${other}".\n`);
        }
      }
      for (const other of spec.excludes) {
        if (other !== key && this.uses[other] !== undefined) {
          return new Refusal(
            'options-clash',
            `${name}: option "--${key}" cannot be used together with "--${other}".\n`,
          );
        }
      }
    }
    return null;
  }
}

/** The name of an extension that was probably meant. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  return nearest(name, known);
}
