import type { Command } from '../command/command';
import { byteLength } from '../read/kinds';
import { chainProtocolName, protocolName } from '../read/names';
import type { PrintCall } from '../record';
import { type AddrTest, type IfaceTest, type Rule, targetName } from '../rule';
import type { Chain } from '../state/ruleset';
import type { XtTable } from '../state/tables';
import { type Counters64, type XtFamily, ZERO_COUNTERS } from '../types';
import { addressName } from './address-name';
import { testAddr, testMask } from './rule';

/** `iptables -L`. Kernel side: list_entries(), print_header(), print_firewall() */

interface Format {
  readonly numeric: boolean;
  readonly counts: boolean;
  readonly interfaces: boolean;
  readonly lineNumbers: boolean;
  /** Columns; without, words with single blanks. */
  readonly columns: boolean;
  readonly exact: boolean;
}

export function listChains(family: XtFamily, table: XtTable, command: Command): string {
  const format: Format = {
    numeric: command.numeric,
    counts: command.verbose > 0,
    interfaces: command.verbose > 0,
    lineNumbers: command.lineNumbers,
    columns: true,
    exact: command.exact,
  };
  const chains = table.ruleset.chains.filter((chain) => command.everyChain || chain.name === command.chain);
  return chains
    .map((chain) => {
      const head = command.number === 0 ? header(table, chain, format) : '';
      const lines = chain.rules.map((rule, i) => {
        if (command.number !== 0 && command.number !== i + 1) return '';
        const slot = chain.base + i;
        return ruleLine(family, rule, i + 1, table.exactCounters(slot), format);
      });
      return head + lines.join('');
    })
    .join('\n');
}

/** One rule as -v prints it when a command adds or deletes it. */
export function lineOfRule(family: XtFamily, rule: Rule): string {
  const format: Format = {
    numeric: true,
    counts: false,
    interfaces: true,
    lineNumbers: false,
    columns: false,
    exact: true,
  };
  return ruleLine(family, rule, 0, ZERO_COUNTERS, format);
}

function header(table: XtTable, chain: Chain, format: Format): string {
  let out = `Chain ${chain.name}`;
  if (chain.policy !== null) {
    const slot = chain.base + chain.rules.length;
    out += ` (policy ${chain.policy}`;
    if (format.counts) {
      const [packets, bytes] = table.exactCounters(slot).map((n) => shortNumber(n, format.exact));
      out += ` ${packets} packets, ${bytes} bytes`;
    }
    out += ')\n';
  } else out += ` (${references(table, chain.name)} references)\n`;
  if (format.lineNumbers) out += 'num  ';
  if (format.counts) out += format.exact ? '    pkts      bytes ' : ' pkts bytes ';
  out += `${'target'.padEnd(9)}  prot opt`;
  if (format.interfaces) out += ` ${'in'.padEnd(6)} ${'out'.padEnd(6)} `;
  return `${out} ${'source'.padEnd(19)}  ${'destination'.padEnd(19)} \n`;
}

function references(table: XtTable, name: string): number {
  let count = 0;
  for (const chain of table.ruleset.chains) {
    for (const { target } of chain.rules) if (target.kind === 'chain' && target.chain === name) count++;
  }
  return count;
}

/** `12345`, `100K` … Kernel side: xtables_print_num() */
function shortNumber(n: bigint, exact: boolean): string {
  if (exact || n <= 99999n) return n.toString();
  const thousandth = (value: bigint): bigint => BigInt.asUintN(64, value + 500n) / 1000n;
  let value = n;
  for (const unit of ['K', 'M', 'G']) {
    value = thousandth(value);
    if (value <= 9999n) return `${value}${unit}`;
  }
  return `${thousandth(value)}T`;
}

/** printf() counts bytes. */
function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - byteLength(text)));
}

function countColumn(n: bigint, exact: boolean): string {
  return `${shortNumber(n, exact).padStart(exact ? 8 : 5)} `;
}

function ruleLine(family: XtFamily, rule: Rule, number: number, counters: Counters64, format: Format): string {
  const column = (text: string, width: number): string => (format.columns ? `${padded(text, width)} ` : `${text} `);
  let out = '';
  if (format.lineNumbers) out += column(number.toString(), 4);
  if (format.counts) for (const count of counters) out += countColumn(count, format.exact);
  out += column(listedTarget(rule), 9);
  out += rule.protocolNegated ? '!' : ' ';
  const name = !format.numeric ? protocolName(rule.protocol) : format.columns ? null : chainProtocolName(rule.protocol);
  out += column(name ?? rule.protocol.toString(), 4);
  if (!format.columns) out += 'opt ';
  out += `${rule.fragment === 'first' ? '!' : '-'}${rule.fragment === 'any' ? '-' : 'f'} `;
  if (format.interfaces) out += interfaces(rule, format);
  out += addresses(family, rule, format);
  if (!format.columns) out += '  ';
  if (rule.target.kind === 'chain' && rule.target.goto) out += '[goto] ';
  const call: PrintCall = { family, numeric: format.numeric, protocol: rule.protocol };
  for (const { match, config } of rule.matches) out += match.list(config, call);
  if (rule.target.kind === 'extension') out += rule.target.target.list(rule.target.config, call);
  return `${out}\n`;
}

function listedTarget(rule: Rule): string {
  const name = targetName(rule.target);
  // NOTRACK is another name of CT, which the kernel does not know.
  return name === 'NOTRACK' ? 'CT' : name;
}

function interfaces(rule: Rule, format: Format): string {
  const any = format.numeric ? '*' : 'any';
  const text = (test: IfaceTest | null): string => (test === null ? any : `${test.negated ? '!' : ''}${test.text}`);
  if (!format.columns) return `in ${text(rule.iif)} out ${text(rule.oif)} `;
  return ` ${padded(text(rule.iif), 6)} ${padded(text(rule.oif), 6)} `;
}

function addresses(family: XtFamily, rule: Rule, format: Format): string {
  const text = (test: AddrTest | null): string => {
    if (test === null) return format.numeric ? (family === 'ip' ? '0.0.0.0/0' : '::/0') : 'anywhere';
    const mask = testMask(test, family);
    const all = mask === (family === 'ip' ? '32' : '128');
    const addr = testAddr(test, family);
    if (!format.numeric && addr === '::') return 'anywhere';
    return `${format.numeric ? addr : addressName(addr)}${all ? '' : `/${mask}`}`;
  };
  const one = (test: AddrTest | null, arrow: string): string => {
    const sign = test?.negated ? '!' : ' ';
    return format.columns
      ? `${sign}${text(test).padEnd(19)} `
      : `${sign}${arrow}${text(test)}${arrow === '' ? ' ' : ''}`;
  };
  return one(rule.src, '') + one(rule.dst, '-> ');
}
