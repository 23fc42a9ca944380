import { maskLength } from '../../wire';
import { type HostMask, hostMask } from '../read/host-kinds';
import { uint } from '../read/kinds';
import { protocolName } from '../read/names';
import { protocol } from '../read/port-kinds';
import { defineMatch, flag, type Kind, not, type OptionSpecs, option, type Uses } from '../record';
import { Refusal } from '../refusal';
import type { XtFamily } from '../types';

interface Negatable<T> {
  readonly value: T;
  readonly negated: boolean;
}

interface Ordered extends Negatable<unknown> {
  readonly order: number;
}

interface Element {
  reqid?: Negatable<number>;
  spi?: Negatable<number>;
  proto?: Negatable<number>;
  mode?: Negatable<'transport' | 'tunnel'>;
  dst?: Negatable<HostMask>;
  src?: Negatable<HostMask>;
}

interface PolicyConfig {
  readonly dir: 'in' | 'out';
  readonly none: boolean;
  readonly strict: boolean;
  readonly elements: readonly Element[];
}

const word = <const T extends string>(values: readonly T[], message: string): Kind<T> => ({
  name: 'choice',
  values,
  read: (text) => values.find((value) => value === text) ?? new Refusal('bad-value', message.replace('%s', text)),
});

/** An option of an element: once between one `--next` and the next. Kernel side: policy_parse() */
const ofElement = (name: string, taken: (value: unknown) => Refusal | null = () => null) => ({
  repeatable: true,
  negatable: true,
  taken: (before: Uses<OptionSpecs>, value: unknown): Refusal | null => {
    const last = before[name];
    if (last === undefined || last.order < (before.next?.order ?? 0)) return taken(value);
    return new Refusal('option-twice', `policy match: double --${name} option`);
  },
});

/** Most elements. Kernel: XT_POLICY_MAX_ELEM */
const MOST = 4;

const next = flag('The next element of a strict list', {
  repeatable: true,
  needs: ['strict'],
  taken: (before) =>
    before.next?.all.length === MOST - 1
      ? new Refusal('bad-value', 'policy match: maximum policy depth reached')
      : null,
});

const isTransform = (value: unknown): Refusal | null =>
  [50, 51, 108].includes(value as number)
    ? null
    : new Refusal('bad-value', 'policy match: protocol must be ah/esp/ipcomp');

export const policy = defineMatch({
  name: 'policy',
  title: 'IPsec',
  help: 'The IPsec policy of the packet. Labs have no IPsec, so that no policy ever holds.',
  options: {
    dir: option(word(['in', 'out'], 'policy_match: invalid dir "%s"'), 'Decapsulated, or to be encapsulated'),
    pol: option(word(['none', 'ipsec'], 'policy match: invalid policy "%s"'), 'Whether there is a policy'),
    strict: flag('The elements must fit exactly'),
    reqid: option(uint(32), 'Request id', ofElement('reqid')),
    spi: option(uint(32), 'SPI of the association', ofElement('spi')),
    'tunnel-src': option(hostMask, 'Source of the tunnel', ofElement('tunnel-src')),
    'tunnel-dst': option(hostMask, 'Destination of the tunnel', ofElement('tunnel-dst')),
    proto: option(protocol, 'esp, ah or ipcomp', ofElement('proto', isTransform)),
    mode: option(
      word(['transport', 'tunnel'], 'policy match: invalid mode "%s"'),
      'Kind of encapsulation',
      ofElement('mode'),
    ),
    next,
  },
  before: policyProblem,
  parse: (uses): PolicyConfig => {
    const none = uses.pol?.value === 'none';
    const elements = elementsOf(uses);
    return { dir: uses.dir!.value, none, strict: uses.strict !== undefined, elements: none ? [] : elements };
  },
  print: (c, { family }) => {
    const parts = c.elements.map((element) => elementText(element, '--', family, false));
    return headText(c, '--') + parts.join(' --next');
  },
  list: (c, { family, numeric }) => {
    const many = c.elements.length > 1;
    const parts = c.elements.map((e, i) => `${many ? ` [${i}]` : ''}${elementText(e, '', family, numeric)}`);
    return ` policy match${headText(c, '')}${parts.join('')}`;
  },
  // Kernel: policy_mt_check(), net/netfilter/xt_policy.c
  check: (c, { hooks }) => {
    const incoming = hooks.some((hook) => hook === 'PREROUTING' || hook === 'INPUT');
    const outgoing = hooks.some((hook) => hook === 'POSTROUTING' || hook === 'OUTPUT');
    return (incoming && c.dir === 'out') || (outgoing && c.dir === 'in') ? 'EINVAL' : null;
  },
  // Kernel: policy_mt(): without IPsec only `--pol none` holds.
  match: (c) => c.none,
  because: () => 'the packet is under no IPsec policy',
});

/** What does not go together. Kernel side: policy_check(), which comes before what options need of each other. */
function policyProblem(uses: PolicyUses): Refusal | null {
  if (uses.dir === undefined) {
    return new Refusal('option-missing', 'policy match: neither --dir in nor --dir out specified');
  }
  const strict = uses.strict !== undefined;
  if (uses.pol?.value === 'none') {
    if (strict) return new Refusal('options-clash', 'policy match: policy none but --strict given');
    return uses.next === undefined ? null : new Refusal('options-clash', 'policy match: policy none but policy given');
  }
  for (const [i, element] of elementsOf(uses).entries()) {
    const wrong = elementProblem(element, strict, i);
    if (wrong !== null) return wrong;
  }
  return null;
}

type PolicyUses = Readonly<Record<string, { readonly value: unknown; readonly all: readonly Ordered[] } | undefined>>;

/** The options between one `--next` and the next belong to one element. Kernel side: policy_parse() */
function elementsOf(uses: PolicyUses): readonly Element[] {
  const ends = uses.next?.all.map(({ order }) => order) ?? [];
  const elements: Element[] = [{}, ...ends.map(() => ({}))];
  for (const [name, key] of ELEMENT_OPTIONS) {
    for (const { value, negated, order } of uses[name]?.all ?? []) {
      const element = elements[ends.filter((end) => end < order).length] as Record<string, unknown>;
      element[key] = { value, negated };
    }
  }
  return elements;
}

const ELEMENT_OPTIONS: readonly (readonly [string, keyof Element])[] = [
  ['reqid', 'reqid'],
  ['spi', 'spi'],
  ['tunnel-src', 'src'],
  ['tunnel-dst', 'dst'],
  ['proto', 'proto'],
  ['mode', 'mode'],
];

function elementProblem(element: Element, strict: boolean, index: number): Refusal | null {
  const { mode } = element;
  if (strict && Object.keys(element).length === 0) {
    const message = `policy match: empty policy element ${index}. --strict is in effect, but at least one of reqid, spi, tunnel-src, tunnel-dst, proto or mode is required.`;
    return new Refusal('option-missing', message);
  }
  const tunnel = mode !== undefined && (mode.value === 'tunnel') !== mode.negated;
  if ((element.src !== undefined || element.dst !== undefined) && !tunnel) {
    return new Refusal('options-clash', 'policy match: --tunnel-src/--tunnel-dst is only valid in tunnel mode');
  }
  return null;
}

function headText(c: PolicyConfig, prefix: string): string {
  return ` ${prefix}dir ${c.dir} ${prefix}pol ${c.none ? 'none' : 'ipsec'}${c.strict ? ` ${prefix}strict` : ''}`;
}

function elementText(element: Element, prefix: string, family: XtFamily, numeric: boolean): string {
  const { reqid, spi, proto, mode, dst, src } = element;
  let out = '';
  if (reqid !== undefined) out += `${not(reqid.negated)} ${prefix}reqid ${reqid.value}`;
  if (spi !== undefined) out += `${not(spi.negated)} ${prefix}spi 0x${spi.value.toString(16)}`;
  if (proto !== undefined) {
    const name = numeric ? null : protocolName(proto.value);
    out += `${not(proto.negated)} ${prefix}proto ${name ?? proto.value}`;
  }
  if (mode !== undefined) out += `${not(mode.negated)} ${prefix}mode ${mode.value}`;
  if (dst !== undefined) out += `${not(dst.negated)} ${prefix}tunnel-dst ${network(dst.value, family)}`;
  if (src !== undefined) out += `${not(src.negated)} ${prefix}tunnel-src ${network(src.value, family)}`;
  return out;
}

function network({ addr, mask }: HostMask, family: XtFamily): string {
  const length = maskLength(mask);
  if (length === (family === 'ip' ? 32 : 128)) return addr;
  return length === null ? `${addr}/${mask}` : `${addr}/${length}`;
}
