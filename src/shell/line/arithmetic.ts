import { NotModelled } from './tree';

type Operator = (a: number, b: number) => number;

/** From what binds least. bash(1), ARITHMETIC EVALUATION */
const LEVELS: readonly Readonly<Record<string, Operator>>[] = [
  { '||': (a, b) => Number(a !== 0 || b !== 0) },
  { '&&': (a, b) => Number(a !== 0 && b !== 0) },
  { '==': (a, b) => Number(a === b), '!=': (a, b) => Number(a !== b) },
  {
    '<': (a, b) => Number(a < b),
    '>': (a, b) => Number(a > b),
    '<=': (a, b) => Number(a <= b),
    '>=': (a, b) => Number(a >= b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => Math.trunc(a / b), '%': (a, b) => a % b },
];

/** The value of `$((TEXT))`; `variable` gives the text of a name, '' if there is none. */
export function calculated(text: string, variable: (name: string) => string): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|&&|\|\||[=!<>]=|[-+*/%()<>!]|\S/g) ?? [];
  let at = 0;
  const level = (n: number): number => {
    const operators = LEVELS[n];
    if (!operators) return one();
    let value = level(n + 1);
    for (let operator = operators[tokens[at]!]; operator; operator = operators[tokens[at]!]) {
      const sign = tokens[at++];
      const other = level(n + 1);
      if (other === 0 && (sign === '/' || sign === '%')) throw new NotModelled('a division by 0');
      value = operator(value, other);
    }
    return value;
  };
  const one = (): number => {
    const token = tokens[at++];
    if (token === '-' || token === '+') return token === '-' ? -one() : one();
    if (token === '!') return Number(one() === 0);
    if (token === '(') {
      const value = level(0);
      if (tokens[at++] === ')') return value;
    } else if (token !== undefined && /^[A-Za-z_]/.test(token)) {
      const value = variable(token).trim();
      if (/^-?\d*$/.test(value)) return Number(value);
    } else if (token !== undefined && /^(0|[1-9]\d*)$/.test(token)) return Number(token);
    throw new NotModelled(`the calculation ${text.trim()}`);
  };
  const value = tokens.length === 0 ? 0 : level(0);
  if (at < tokens.length || !Number.isSafeInteger(value)) throw new NotModelled(`the calculation ${text.trim()}`);
  return value;
}
