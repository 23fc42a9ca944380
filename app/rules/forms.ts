import type { Catalogue, ExtensionInfo, OptionInfo, RuleForm, RulePart } from '../../src/engine';

/**
 * Edits of one rule line by its form. The engine has said what stands where (`RuleForm`); each edit puts other text into
 * those places and leaves the rest as typed.
 */

/** A value as it stands in a line: quoted if it must be. */
export function word(value: string): string {
  return value === '' || /[\s"\\']/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
}

const partText = (written: string, values: readonly string[], negated: boolean): string =>
  [negated ? '!' : '', written, ...values.map(word)].filter((w) => w !== '').join(' ');

/** Other values for an option, or its `!` on or off. The form that comes of it is known without asking. */
export function setPart(form: RuleForm, part: RulePart, values: readonly string[], negated = part.negated): RuleForm {
  const written = part.written.replace(/=.*$/, '');
  const text = partText(written, values, negated);
  const by = text.length - (part.end - part.start);
  const line = form.line.slice(0, part.start) + text + form.line.slice(part.end);
  const parts = form.parts.map((p) => {
    if (p === part) return { ...p, values, negated, written, end: p.start + text.length };
    return p.start > part.start ? { ...p, start: p.start + by, end: p.end + by } : p;
  });
  return { ...form, line, parts };
}

/** Takes parts out of the line, each with the blank in front of it. */
function without(line: string, gone: readonly RulePart[]): string {
  let text = line;
  for (const part of gone.toSorted((a, b) => b.start - a.start)) {
    text = `${text.slice(0, part.start).trimEnd()} ${text.slice(part.end).trimStart()}`.trimEnd();
  }
  return text;
}

const sameUse = (a: RulePart, b: RulePart): boolean =>
  a.type === b.type && a.extension === b.extension && a.index === b.index;

/** The line without an option; with the last option of a match goes its `-m`, with a protocol the matches that need it. */
export function removePart(form: RuleForm, part: RulePart, catalogue: Catalogue): string {
  if (part.type === 'match' && part.flag !== '') {
    const use = form.parts.filter((p) => sameUse(p, part));
    const left = use.filter((p) => p !== part && p.flag !== '');
    return without(form.line, left.length === 0 ? use : [part]);
  }
  if (part.type === 'match') {
    return without(
      form.line,
      form.parts.filter((p) => sameUse(p, part)),
    );
  }
  if (part.type === 'rule' && part.flag === 'protocol') {
    const bound = form.parts.filter((p) => p.type === 'match' && (infoOf(catalogue, p)?.protocols ?? null) !== null);
    return without(form.line, [part, ...bound]);
  }
  return without(form.line, [part]);
}

/** The options of every rule in their order, and how they are written. */
export const SHORT_FLAGS: Readonly<Record<string, string>> = {
  source: '-s',
  destination: '-d',
  'in-interface': '-i',
  'out-interface': '-o',
  protocol: '-p',
  fragments: '-f',
};
const RULE_ORDER = Object.keys(SHORT_FLAGS);

/** Where the part begins in front of which something is put: after what `fits`, else where the target begins. */
function insertAt(form: RuleForm, fits: (part: RulePart) => boolean): number {
  const last = form.parts.findLast(fits);
  if (last !== undefined) return last.end;
  const head = /^\s*(?:\[[^\]]*\]\s*)?\S+\s+\S+/.exec(form.line);
  return head === null ? form.line.length : head[0].length;
}

const put = (line: string, at: number, text: string): string =>
  `${line.slice(0, at).trimEnd()} ${text} ${line.slice(at).trimStart()}`.trimEnd();

/** As typed: `-s` or `--dport`. */
export function writtenOf(info: ExtensionInfo, option: OptionInfo): string {
  return info.name === '' ? (SHORT_FLAGS[option.flag] ?? `--${option.flag}`) : `--${option.flag}`;
}

/** The line with an option more: its match is loaded, and the protocol given, if they are not. */
export function addOption(
  form: RuleForm,
  info: ExtensionInfo,
  option: OptionInfo | null,
  values: readonly string[],
): string {
  const text = option === null ? '' : partText(writtenOf(info, option), values, false);
  if (info.name === '') {
    const rank = RULE_ORDER.indexOf(option?.flag ?? '');
    const at = insertAt(form, (p) => p.type === 'rule' && RULE_ORDER.indexOf(p.flag) < rank);
    return put(form.line, at, text);
  }
  const target = form.parts.some((p) => p.type === 'target' && p.extension === info.name);
  if (target)
    return put(
      form.line,
      insertAt(form, (p) => p.type === 'target'),
      text,
    );
  const used = form.parts.some((p) => p.type === 'match' && p.extension === info.name);
  // Another use of a match begins anew, if the option stands there already.
  const twice = form.parts.some((p) => p.extension === info.name && p.flag === option?.flag);
  if (used && !twice) {
    return put(
      form.line,
      insertAt(form, (p) => p.type === 'match' && p.extension === info.name),
      text,
    );
  }
  const at = insertAt(form, (p) => p.type === 'match' || p.type === 'rule' || p.type === 'unknown');
  const withMatch = put(form.line, at, `-m ${info.name} ${text}`.trimEnd());
  const wanted = info.protocols?.[0];
  const given = form.parts.some((p) => p.type === 'rule' && p.flag === 'protocol');
  if (wanted === undefined || given) return withMatch;
  const before = insertAt(form, (p) => p.type === 'rule' && RULE_ORDER.indexOf(p.flag) < 4);
  return put(withMatch, before, `-p ${wanted}`);
}

/** Another target, with the options that it must have. '' takes the target away. */
export function setTarget(form: RuleForm, target: string, goto = false): string {
  const old = form.parts.filter((p) => p.type === 'target');
  const line = without(form.line, old);
  return target === '' ? line : `${line} ${goto ? '-g' : '-j'} ${target}`;
}

export interface RuleTarget {
  /** '' if the rule has none. */
  readonly name: string;
  readonly goto: boolean;
  readonly part: RulePart | null;
  readonly options: readonly RulePart[];
}

/** What a form says of the target: its name, whether it is a goto, and its own options. */
export function targetOf(form: RuleForm): RuleTarget {
  const parts = form.parts.filter((p) => p.type === 'target');
  const part = parts.find((p) => p.flag === '') ?? null;
  return {
    name: part?.values[0] ?? '',
    goto: part?.written === '-g' || part?.written === '--goto',
    part,
    options: parts.filter((p) => p.flag !== ''),
  };
}

/** What the catalogue says of the match, target or rule that a part belongs to. */
export function infoOf(catalogue: Catalogue, part: RulePart): ExtensionInfo | null {
  if (part.type === 'rule') return catalogue.rule;
  if (part.type === 'match') return catalogue.matches.find((m) => m.name === part.extension) ?? null;
  if (part.type === 'target') return catalogue.targets.find((t) => t.name === part.extension) ?? null;
  return null;
}

export function optionOf(catalogue: Catalogue, part: RulePart): OptionInfo | null {
  return infoOf(catalogue, part)?.options.find((o) => o.flag === part.flag) ?? null;
}

/** The criteria of a rule, one a row of its form: every option but `-m` lines that others stand under, and comments. */
export function criteriaOf(form: RuleForm): readonly RulePart[] {
  return form.parts.filter((p) => {
    if (p.type === 'target' || p.extension === 'comment') return false;
    if (p.type !== 'match' || p.flag !== '') return true;
    return !form.parts.some((q) => q !== p && sameUse(p, q) && q.flag !== '') && !isBareProtocol(form, p);
  });
}

/** `-p tcp -m tcp` with no option says no more than `-p tcp`. */
function isBareProtocol(form: RuleForm, part: RulePart): boolean {
  return form.parts.some((p) => p.type === 'rule' && p.flag === 'protocol' && p.values[0] === part.extension);
}

/** The comment of a rule; '' if it has none. */
export function commentOf(form: RuleForm): string {
  return form.parts.find((p) => p.extension === 'comment' && p.flag === 'comment')?.values[0] ?? '';
}

/** A part as a chip shows it: `! -s 10.0.0.0/8`. */
export function chipText(part: RulePart): string {
  return partText(part.flag === '' ? part.written : part.written.replace(/=.*$/, ''), part.values, part.negated);
}

/** The value that a new option begins with, so that the rule can be read at once. */
export function firstValue(
  option: OptionInfo,
  known: { readonly interfaces: readonly string[]; readonly sets: readonly string[] },
): readonly string[] {
  switch (option.kind) {
    case 'none':
      return [];
    case 'interface':
      return [known.interfaces[0] ?? 'eth0'];
    case 'protocol':
      return ['tcp'];
    case 'tcp-flags':
      return ['SYN,RST', 'SYN'];
    case 'set':
      return [known.sets[0] ?? 'set', 'src'];
    case 'ct-states':
      return ['NEW'];
    default:
      return option.twoValues ? ['', ''] : [FIRST[option.kind] ?? option.values[0] ?? ''];
  }
}

const FIRST: Readonly<Record<string, string>> = {
  networks: '0.0.0.0/0',
  network: '0.0.0.0/0',
  ports: '80',
  port: '80',
  'port-list': '80,443',
  rate: '5/min',
  mark: '0x1',
  uint8: '1',
  uint16: '1',
  uint32: '1',
  uint64: '1',
  'uint16-range': '0:1500',
  'uint32-range': '0:60',
  number: '0.5',
  mac: '02:00:00:00:00:01',
  address: '127.0.0.1',
  'address-range': '10.0.0.1-10.0.0.9',
  'nat-range': '10.0.0.5',
  'nat-ports': '8080',
  'prefix-length': '32',
  text: 'text',
};
