import { expect, test } from 'vitest';
import { generateLab } from './lab';

const labs = Array.from({ length: 300 }, (_, seed) => generateLab(seed));

test('a seed makes the same lab each time, and another seed another', () => {
  expect(generateLab(7)).toEqual(generateLab(7));
  expect(new Set(labs.map((lab) => JSON.stringify({ ...lab, name: '', description: '' }))).size).toBeGreaterThan(290);
});

test('every step is of a host and an interface that exist', () => {
  for (const { hosts, steps, name } of labs) {
    expect(steps.length, name).toBeGreaterThan(0);
    for (const step of steps) {
      if ('wait' in step) continue;
      const at = 'send' in step ? step.send : 'receive' in step ? step.receive : step.run;
      expect(Object.keys(hosts), name).toContain(at.host);
      if ('receive' in step)
        expect(Object.keys(hosts[at.host]?.interfaces ?? {}), name).toContain(step.receive.interface);
    }
  }
});

test('all shapes, tables, protocols and kinds of step occur', () => {
  const all = JSON.stringify(labs);
  const wanted = ['"bridge"', '*raw', '*mangle', '*nat', '*filter', '*security', 'ip6tables', '"fragment"', '"inner"'];
  for (const word of [...wanted, '"tcp"', '"udp"', '"icmp"', '"icmpv6"', '"run"', '"wait"', 'MASQUERADE', '-g TWO']) {
    expect(all).toContain(word);
  }
});
