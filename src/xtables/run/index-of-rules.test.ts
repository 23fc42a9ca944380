import { describe, expect, it } from 'vitest';
import { Rng } from '../../base';
import type { LabPacket } from '../../wire';
import { TestBed, tableText } from '../test-bed';

/** Small sets of values, so that random rules and random packets often meet. */
const SOURCES = ['10.0.0.1', '10.0.0.2', '10.0.1.1', '10.1.0.1', '192.0.2.1'];
const NETS = [
  '10.0.0.0/8',
  '10.0.0.0/16',
  '10.0.0.0/24',
  '10.0.0.1/32',
  '10.0.0.2/31',
  '0.0.0.0/0',
  '10.0.0.1/255.0.0.255',
];
const PORTS = [22, 53, 80, 443, 8080];
const IFACES = ['eth0', 'eth1', 'eth+', '+'];

function pick<T>(rng: Rng, list: readonly T[]): T {
  return list[rng.below(list.length)]!;
}

function maybe(rng: Rng, text: () => string, odds = 2): string {
  if (rng.below(odds) !== 0) return '';
  return `${rng.below(5) === 0 ? '! ' : ''}${text()} `;
}

function randomRule(rng: Rng): string {
  const protocol = rng.below(3) === 0 ? '' : pick(rng, ['tcp', 'udp']);
  const test = maybe(rng, () => `-s ${pick(rng, NETS)}`) + maybe(rng, () => `-d ${pick(rng, NETS)}`);
  const iface = maybe(rng, () => `-i ${pick(rng, IFACES)}`, 4);
  const port = protocol === '' ? '' : maybe(rng, () => `--dport ${pick(rng, PORTS)}`);
  const range = protocol === '' ? '' : maybe(rng, () => `--sport 1:${1000 + rng.below(2000)}`, 6);
  const ports = port + range === '' ? '' : `-m ${protocol} ${port}${range}`;
  const remember = rng.below(8) === 0 ? '-m statistic --mode nth --every 2 --packet 0 ' : '';
  const early = rng.below(2) === 0;
  const target = pick(rng, ['', '', '', '-j ACCEPT', '-j DROP']);
  const matches = early ? remember + ports : ports + remember;
  return `INPUT ${test}${iface}${protocol === '' ? '' : `-p ${protocol} `}${matches}${target}`;
}

function randomPacket(rng: Rng): LabPacket {
  const ends = { src: pick(rng, SOURCES), dst: pick(rng, SOURCES) };
  const pair = { sport: 500 + rng.below(2500), dport: pick(rng, PORTS) };
  const kind = rng.below(4);
  if (kind === 0) return { ...ends, udp: pair };
  if (kind === 1) return { ...ends, icmp: { type: 8, code: 0, id: 1, seq: 1 } };
  return { ...ends, tcp: pair };
}

/** The rules in chains of twenty, which are short enough to be gone through one by one. */
function inShortChains(rules: readonly string[]): string {
  const chains: string[] = [];
  const lines: string[] = [];
  for (let i = 0; i < rules.length; i += 20) {
    const name = `C${i}`;
    chains.push(`:${name}`);
    lines.push(`INPUT -j ${name}`);
    // What ends the walk through the long chain must end it here, too.
    for (const rule of rules.slice(i, i + 20))
      lines.push(rule.replace('INPUT', name).replace('-j RETURN', '-j ACCEPT'));
  }
  return tableText('filter', ...chains, ...lines);
}

describe('a long chain', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'matches as one rule after the other does (seed %i)',
    (seed) => {
      const rng = new Rng(seed);
      const rules = Array.from({ length: 33 + rng.below(150) }, () => randomRule(rng));
      const long = new TestBed(tableText('filter', ...rules));
      const short = new TestBed(inShortChains(rules));
      for (let i = 0; i < 60; i++) {
        const packet = randomPacket(rng);
        const passing = { in: pick(rng, ['eth0', 'eth1', 'wlan0']) };
        const answers = [long.pass(packet, passing), short.pass(packet, passing)];
        expect(answers[0]).toBe(answers[1]);
      }
      const counted = Array.from({ length: Math.ceil(rules.length / 20) }, (_, i) =>
        short.counters('filter', `C${i * 20}`).slice(0, -1),
      ).flat();
      expect(long.counters('filter', 'INPUT').slice(0, -1)).toEqual(counted);
    },
  );

  it('looks at the same rules in verbose mode', () => {
    const rng = new Rng(7);
    const bed = new TestBed(
      tableText('filter', ...Array.from({ length: 100 }, () => randomRule(rng)).map(withoutTarget)),
    );
    for (let i = 0; i < 40; i++) {
      const packet = randomPacket(rng);
      bed.explain(packet);
      const matched = bed.tried.filter(({ outcome }) => outcome === 'matched').map(({ number }) => number);
      bed.pass(packet);
      expect(bed.hits().slice(0, -1)).toEqual(matched);
    }
  });
});

function withoutTarget(rule: string): string {
  return rule.replace(/-j .*/, '');
}
