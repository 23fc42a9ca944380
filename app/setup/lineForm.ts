import { type LineField, type LineKind, ROUTE_TYPES } from './lineKinds';
import { cut, endOf, spliced, type Word, wordsOf } from './words';

/** A value in a line, and where it stands, the words that begin it included. */
interface LineValue {
  readonly value: string;
  readonly from: number;
  /** Where the value itself begins. */
  readonly at: number;
  readonly to: number;
}

/** A line of `ip route` or `ip rule`, taken apart. What is not known stays in the line as typed. */
export interface LineForm {
  readonly kind: LineKind;
  readonly text: string;
  /** Of a route: `unicast` if it says none. Of a rule: what it does. */
  readonly type: LineValue;
  /** Of a route: the destination. Of a rule: its priority, or ''. */
  readonly head: LineValue;
  readonly values: ReadonlyMap<string, LineValue>;
  /** Of a rule: the table that is looked up, or the rule that is gone to. */
  readonly target: LineValue;
  /** Next hops of a route with several, as typed. */
  readonly hops: LineValue;
  /** Words that no field shows. */
  readonly rest: readonly string[];
}

const TYPES: ReadonlySet<string> = new Set(ROUTE_TYPES.map(([name]) => name));
const ACTIONS: ReadonlySet<string> = new Set(['blackhole', 'unreachable', 'prohibit', 'nop']);
const nowhere = (at: number): LineValue => ({ value: '', from: at, at, to: at });

/** Null for a line that says nothing: blank, or a comment. */
export function readLine(kind: LineKind, text: string): LineForm | null {
  const words = wordsOf(text);
  return words.length === 0 ? null : kind.name === 'route' ? readRoute(kind, text, words) : readRule(kind, text, words);
}

const fieldOf = (kind: LineKind, word: string): LineField | undefined =>
  kind.fields.find(
    (f) =>
      f.words.includes(word) ||
      (f.least !== undefined && word.length >= f.least && f.words.some((w) => w.startsWith(word))),
  );

/** Reads the value of the field that word `i` begins; gives the index of the word after it. */
function take(words: readonly Word[], i: number, field: LineField, into: Map<string, LineValue>): number {
  const first = words[i] as Word;
  if (field.kind === 'flag') {
    into.set(field.key, { value: 'yes', from: first.from, at: first.from, to: first.to });
    return i + 1;
  }
  const value = words[i + 1];
  if (value === undefined) {
    into.set(field.key, { value: '', from: first.from, at: first.to, to: first.to });
    return i + 1;
  }
  // `via inet6 …`, `mtu lock …`: two words are one value.
  const more = /^(inet6?|lock)$/.test(value.text) ? words[i + 2] : undefined;
  const last = more ?? value;
  into.set(field.key, {
    value: more === undefined ? value.text : `${value.text} ${more.text}`,
    from: first.from,
    at: value.from,
    to: last.to,
  });
  return more === undefined ? i + 2 : i + 3;
}

function readRoute(kind: LineKind, text: string, words: readonly Word[]): LineForm {
  const values = new Map<string, LineValue>();
  const rest: string[] = [];
  let type: LineValue = { ...nowhere(0), value: 'unicast' };
  let head: LineValue | null = null;
  let hops = nowhere(endOf(text));
  for (let i = 0; i < words.length; ) {
    const word = words[i] as Word;
    if (word.text === 'nexthop') {
      const to = words.at(-1)?.to ?? word.to;
      hops = { value: text.slice(word.from, to), from: word.from, at: word.from, to };
      break;
    }
    const field = fieldOf(kind, word.text);
    if (field !== undefined) {
      i = take(words, i, field, values);
      continue;
    }
    if (head === null && TYPES.has(word.text)) type = { value: word.text, from: word.from, at: word.from, to: word.to };
    else if (head === null && word.text !== 'to')
      head = { value: word.text, from: word.from, at: word.from, to: word.to };
    else if (word.text !== 'to') rest.push(word.text);
    i++;
  }
  return { kind, text, type, head: head ?? nowhere(type.to), values, target: nowhere(endOf(text)), hops, rest };
}

function readRule(kind: LineKind, text: string, words: readonly Word[]): LineForm {
  const values = new Map<string, LineValue>();
  const rest: string[] = [];
  let head = nowhere(0);
  let type: LineValue = { ...nowhere(endOf(text)), value: 'lookup' };
  let target = nowhere(endOf(text));
  let i = 0;
  const [first] = words;
  const number = first === undefined ? null : /^(\d+):/.exec(first.text);
  if (first !== undefined && number !== null) {
    const to = first.from + number[0].length;
    head = { value: number[1] as string, from: first.from, at: first.from, to };
    // `100:from` is one word to the eye and two to ip.
    if (to === first.to) i = 1;
    else return readRule(kind, spliced(text, to, to, ' '), wordsOf(spliced(text, to, to, ' ')));
  }
  while (i < words.length) {
    const word = words[i] as Word;
    const next = words[i + 1];
    const pair = { from: word.from, at: next?.from ?? word.to, to: next?.to ?? word.to, value: next?.text ?? '' };
    if (/^(lookup|table)$/.test(word.text)) {
      target = pair;
      i += 2;
    } else if (word.text === 'goto') {
      type = { ...pair, value: 'goto' };
      target = pair;
      i += 2;
    } else if (/^(preference|pref|priority|prio|order)$/.test(word.text)) {
      head = pair;
      i += 2;
    } else if (ACTIONS.has(word.text)) {
      type = { value: word.text, from: word.from, at: word.from, to: word.to };
      i++;
    } else {
      const field = fieldOf(kind, word.text);
      if (field === undefined) {
        if (word.text !== 'type') rest.push(word.text);
        i++;
      } else i = take(words, i, field, values);
    }
  }
  return { kind, text, type, head, values, target, hops: nowhere(endOf(text)), rest };
}

/** The line with a field set; an empty value takes it away. */
export function setField(form: LineForm, key: string, value: string): string {
  const field = form.kind.fields.find((f) => f.key === key);
  const old = form.values.get(key);
  if (field === undefined) return form.text;
  if (value === '') return old === undefined ? form.text : cut(form.text, old.from, old.to);
  if (old !== undefined) {
    return field.kind === 'flag'
      ? form.text
      : old.at === old.to
        ? spliced(form.text, old.to, old.to, ` ${value}`)
        : spliced(form.text, old.at, old.to, value);
  }
  const words = field.kind === 'flag' ? (field.words[0] as string) : `${field.words[0]} ${value}`;
  return added(form, key, words);
}

/** A field that the line did not have goes after the one that it follows in the order of writing. */
function added(form: LineForm, key: string, words: string): string {
  const order = form.kind.fields.map((f) => f.key);
  const mine = order.indexOf(key);
  const before = [...form.values].filter(([k]) => order.indexOf(k) < mine).map(([, v]) => v.to);
  if (form.kind.name === 'rule' && key === 'not') return spliced(form.text, form.head.to, form.head.to, ' not');
  const start = form.kind.name === 'route' ? form.head.to : form.head.at === form.head.from ? form.head.to : 0;
  const at = Math.max(start, ...before, form.kind.name === 'rule' ? 0 : form.type.to);
  const text = spliced(form.text, at, at, at === 0 ? `${words} ` : ` ${words}`);
  return text;
}

/** The line with another destination, or priority. */
export function setHead(form: LineForm, value: string): string {
  const { head, text } = form;
  if (form.kind.name === 'route') {
    if (value === '') return cut(text, head.from, head.to);
    return head.value === '' ? put(text, head.from, value) : spliced(text, head.at, head.to, value);
  }
  if (value === '') return cut(text, head.from, head.to);
  if (head.value === '')
    return head.to > head.from ? spliced(text, head.to, head.to, ` ${value}`) : `${value}: ${text.trimStart()}`;
  return head.at === head.from
    ? spliced(text, head.from, head.to, `${value}:`)
    : spliced(text, head.at, head.to, value);
}

/** The line with another type of route, or another deed of the rule. */
export function setType(form: LineForm, value: string): string {
  const { type, target, text } = form;
  if (form.kind.name === 'route') {
    if (value === 'unicast') return type.to === 0 ? text : cut(text, type.from, type.to);
    return type.to === 0 ? put(text, 0, value) : spliced(text, type.from, type.to, value);
  }
  const [from, to] = type.to > type.from ? [type.from, type.to] : [target.from, target.to];
  const bare = to > from ? cut(text, from, to) : text;
  // `blackhole` beside a table: both go.
  const again = readLine(form.kind, bare);
  const clean =
    again !== null && again.target.to > again.target.from && bare !== text
      ? cut(bare, again.target.from, again.target.to)
      : bare;
  const words =
    value === 'lookup'
      ? 'lookup main'
      : value === 'goto'
        ? `goto ${target.value === '' ? '32766' : target.value}`
        : value;
  return put(clean, endOf(clean), words);
}

/** The rule with another table, or another rule to go to. */
export function setTarget(form: LineForm, value: string): string {
  const { target, text } = form;
  if (target.to > target.from) {
    if (value === '') return target.at === target.to ? text : cut(text, target.at, target.to);
    return target.at === target.to
      ? spliced(text, target.to, target.to, ` ${value}`)
      : spliced(text, target.at, target.to, value);
  }
  return value === '' ? text : put(text, endOf(text), `lookup ${value}`);
}

/** The route with other next hops. */
export function setHops(form: LineForm, value: string): string {
  const { hops, text } = form;
  if (value === '') return hops.to > hops.from ? cut(text, hops.from, hops.to) : text;
  return hops.to > hops.from ? spliced(text, hops.from, hops.to, value) : put(text, hops.from, value);
}

/** Words put at an offset, parted by blanks from what is there. */
function put(text: string, at: number, words: string): string {
  const head = text.slice(0, at);
  const tail = text.slice(at);
  const before = head === '' || /\s$/.test(head) ? '' : ' ';
  const after = tail === '' || /^\s/.test(tail) ? '' : ' ';
  return head + before + words + after + tail;
}

/** What a line does, in words. */
export function meaningOf(form: LineForm, family: 4 | 6): string {
  const get = (key: string): string => form.values.get(key)?.value ?? '';
  if (form.kind.name === 'rule') {
    const parts: string[] = [];
    if (get('from') !== '' && get('from') !== 'all') parts.push(`from ${get('from')}`);
    if (get('to') !== '' && get('to') !== 'all') parts.push(`to ${get('to')}`);
    if (get('iif') !== '') parts.push(get('iif') === 'lo' ? 'of this host itself' : `that came in by ${get('iif')}`);
    if (get('fwmark') !== '') parts.push(`with mark ${get('fwmark')}`);
    const who = `${get('not') === '' ? '' : 'all packets but those '}${parts.join(', ')}`;
    const lead = who === '' ? 'Every packet' : `Packets ${who}`;
    const deed =
      form.type.value === 'lookup'
        ? `looked up in table ${form.target.value || 'main'}`
        : form.type.value === 'goto'
          ? `on to rule ${form.target.value}`
          : (ROUTE_TYPES.find(([name]) => name === form.type.value)?.[1] ?? form.type.value);
    return `${lead}: ${deed}`;
  }
  const to =
    form.head.value === ''
      ? 'no destination yet'
      : /^(default|0\/0|::\/0|0\.0\.0\.0\/0|any|all)$/.test(form.head.value)
        ? 'Everything else'
        : `To ${form.head.value}`;
  if (form.type.value !== 'unicast')
    return `${to}: ${ROUTE_TYPES.find(([name]) => name === form.type.value)?.[1] ?? form.type.value}`;
  if (form.hops.value !== '') return `${to}: spread over ${form.hops.value.split('nexthop').length - 1} next hops`;
  const via = get('via');
  const dev = get('dev');
  const way = [
    via === '' ? (dev === '' ? '' : `straight out of ${dev}`) : `by way of ${via}`,
    via !== '' && dev !== '' ? `out of ${dev}` : '',
  ].filter((x) => x !== '');
  return way.length === 0
    ? `${to}: no way yet, IPv${family} needs a gateway or an interface`
    : `${to}: ${way.join(', ')}`;
}
