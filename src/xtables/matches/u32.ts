import { u32 as wordAt } from '../../wire';
import { hex, scanUint } from '../read/numbers';
import { defineMatch, type Kind, not, option } from '../record';
import { type Read, Refusal } from '../refusal';

/** One step of finding a number: the first is an offset; the others say what is done with the word found there. */
interface Step {
  readonly op: '' | '&' | '<<' | '>>' | '@';
  readonly number: number;
}

interface Test {
  readonly steps: readonly Step[];
  readonly values: readonly { readonly min: number; readonly max: number }[];
}

interface U32Config {
  readonly tests: readonly Test[];
  readonly negated: boolean;
}

/** Most tests, steps of a test, and values. Kernel: XT_U32_MAXSIZE */
const MOST = 10;

const expression: Kind<readonly Test[]> = { name: 'u32', read: (text) => new Reader(text).read() };

/** `0>>22&0x3c@4>>16=0x50,0x1bb:0x1bc && …` */
class Reader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  read(): Read<readonly Test[]> {
    const tests: Test[] = [];
    for (;;) {
      const test = this.test();
      if (test instanceof Refusal) return test;
      tests.push(test);
      if (this.end()) return tests.length > MOST ? this.bad('too many "&&"s') : tests;
      if (tests.length > MOST) return this.bad('too many "&&"s');
    }
  }

  private test(): Read<Test> {
    const steps = this.steps();
    if (steps instanceof Refusal) return steps;
    const values: { min: number; max: number }[] = [];
    for (;;) {
      if (this.end()) {
        return values.length === 0 ? plain('test ended with no value specified') : { steps, values };
      }
      if (this.text[this.at] === '&') {
        this.at++;
        if (this.text[this.at] !== '&') return this.bad("a second '&' was expected");
        if (values.length === 0) return this.bad('value spec missing');
        this.at++;
        // What follows must be a test, though it may be missing altogether.
        return this.end() ? plain('abrupt end of input after location specifier') : { steps, values };
      }
      if (values.length > 0) {
        if (this.text[this.at] !== ',') return this.bad('expected "," or "&&"');
        this.at++;
      }
      const min = this.number();
      if (min instanceof Refusal) return min;
      this.blanks();
      let max: Read<number> = min;
      if (this.text[this.at] === ':') {
        this.at++;
        max = this.number();
        if (max instanceof Refusal) return max;
      }
      values.push({ min, max });
      if (values.length > MOST) return this.bad('too many ","s');
    }
  }

  private steps(): Read<readonly Step[]> {
    const steps: Step[] = [];
    for (;;) {
      if (this.end()) return plain('abrupt end of input after location specifier');
      if (this.text[this.at] === '=') {
        if (steps.length === 0) return this.bad('location spec missing');
        this.at++;
        return steps;
      }
      let op: Step['op'] = '';
      if (steps.length > 0) {
        const sign = this.text[this.at]!;
        if (sign === '&' || sign === '@') op = sign;
        else if (sign === '<' || sign === '>') {
          this.at++;
          if (this.text[this.at] !== sign) return this.bad(`a second '${sign}' was expected`);
          op = sign === '<' ? '<<' : '>>';
        } else return this.bad('operator expected');
        this.at++;
      }
      const number = this.number();
      if (number instanceof Refusal) return number;
      steps.push({ op, number });
      if (steps.length > MOST) return this.bad('too many operators');
    }
  }

  private number(): Read<number> {
    const scanned = scanUint(this.text, this.at);
    if (scanned === null || scanned.value > 0xffff_ffff) return this.bad('not a number or out of range');
    this.at = scanned.end;
    return scanned.value;
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  private end(): boolean {
    this.blanks();
    return this.at >= this.text.length;
  }

  private bad(message: string): Refusal {
    return new Refusal('bad-value', `u32: at char ${this.at}: ${message}`);
  }
}

function plain(message: string): Refusal {
  return new Refusal('bad-value', `u32: ${message}`);
}

function expressionText(tests: readonly Test[]): string {
  const one = ({ steps, values }: Test): string => {
    const location = steps.map(({ op, number }) => op + hex(number)).join('');
    const list = values.map(({ min, max }) => (min === max ? hex(min) : `${hex(min)}:${hex(max)}`));
    return `${location}=${list.join(',')}`;
  };
  return `"${tests.map(one).join('&&')}"`;
}

export const u32 = defineMatch({
  name: 'u32',
  title: 'Words of the packet',
  help: 'Computes numbers out of 4 bytes each of the packet, from its IP header on, and compares them.',
  options: {
    u32: option(expression, '`0&0xffff=0x100:0xffff`: offset, steps, `=`, values; tests joined by `&&`', {
      required: true,
      negatable: true,
    }),
  },
  parse: (uses): U32Config => ({ tests: uses.u32!.value, negated: uses.u32!.negated }),
  print: (c) => `${not(c.negated)} --u32 ${expressionText(c.tests)}`,
  list: (c) => ` u32${c.negated ? ' !' : ''} ${expressionText(c.tests)}`,
  // Kernel: u32_mt(), net/netfilter/xt_u32.c
  match: (c, { skb }) => c.tests.every((test) => holds(test, skb.packet.bytes)) !== c.negated,
  because: (c, { skb }) => {
    const failed = c.tests.find((test) => !holds(test, skb.packet.bytes));
    const value = failed === undefined ? null : numberOf(failed.steps, skb.packet.bytes);
    if (failed === undefined) return 'all of it holds';
    return value === null ? 'the packet ends before that' : `a number is ${hex(value)}`;
  },
});

function holds({ steps, values }: Test, bytes: Uint8Array): boolean {
  const number = numberOf(steps, bytes);
  return number !== null && values.some(({ min, max }) => number >= min && number <= max);
}

/** Kernel: u32_match_it() */
function numberOf(steps: readonly Step[], bytes: Uint8Array): number | null {
  let base = 0;
  let position = steps[0]!.number;
  if (position + 4 > bytes.length) return null;
  let value = wordAt(bytes, position);
  for (const { op, number } of steps.slice(1)) {
    if (op === '&') value = (value & number) >>> 0;
    else if (op === '<<') value = number > 31 ? 0 : (value << number) >>> 0;
    else if (op === '>>') value = number > 31 ? 0 : value >>> number;
    else {
      base += value;
      position = number;
      if (base + position + 4 > bytes.length) return null;
      value = wordAt(bytes, base + position);
    }
  }
  return value;
}
