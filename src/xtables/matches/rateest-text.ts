import type { PrintCall } from '../record';
import type { RateestConfig } from './rateest';

/** The text of the match rateest, as iptables-save prints it. */
export function rateestSave(c: RateestConfig): string {
  const rates =
    (c.bps ? savedRate(c, 'bps', bits(c.bps1), bits(c.bps2)) : '') +
    (c.pps ? savedRate(c, 'pps', `${c.pps1}`, `${c.pps2}`) : '');
  const delta = c.delta ? ' --rateest-delta' : '';
  if (c.name2 === null) return `${delta} --rateest ${c.name1}${rates}`;
  return `${delta} --rateest1 ${c.name1}${rates} --rateest2 ${c.name2}`;
}

function savedRate(c: RateestConfig, what: string, first: string, second: string): string {
  const mode = modeText(c, '--rateest-');
  const head = c.delta ? ` --rateest-${what}1 ${first}${mode} --rateest-${what}2` : `${mode} --rateest-${what}`;
  return c.name2 === null || c.delta ? `${head} ${second}` : head;
}

function modeText({ negated, mode }: RateestConfig, prefix: string): string {
  return `${negated ? ' !' : ''} ${prefix}${mode}`;
}

function bits(rate: number): string {
  const value = rate * 8;
  if (value >= 1e9) return `${rounded(value / 1e6)}Mbit`;
  return value >= 1e6 ? `${rounded(value / 1e3)}Kbit` : `${value}bit`;
}

/** As printf("%.0f") rounds: a half goes to the even number. */
function rounded(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** As `iptables -L` prints it. */
export function rateestList(c: RateestConfig, { numeric }: PrintCall): string {
  const rate = (value: number): string => (numeric ? `${value}` : bits(value));
  let out = ` rateest match ${c.name1}${c.delta ? ' delta' : ''}`;
  if (c.bps) {
    out += ' bps';
    if (c.delta) out += ` ${rate(c.bps1)}`;
    if (c.name2 === null) out += ` ${rate(c.bps2)}${modeText(c, '')}`;
  }
  if (c.pps) {
    out += ' pps';
    if (c.delta) out += ` ${c.pps1}`;
    if (c.name2 === null) out += `${modeText(c, '')} ${c.pps2}`;
  }
  if (c.name2 === null) return out;
  out += `${modeText(c, '')} ${c.name2}`;
  if (c.bps) out += ` bps${c.delta ? ` ${rate(c.bps2)}` : ''}`;
  return c.pps ? `${out} pps${c.delta ? ` ${c.pps2}` : ''}` : out;
}
