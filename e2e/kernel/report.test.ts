import { expect, test } from 'vitest';
import { summary, withFaults } from './report';

test('findings by kind, chain and fault', () => {
  const trace = {
    kind: 'trace missing',
    where: 'step 1',
    text: 'only 1 of 2; the next should be: ip nat PREROUTING 1',
  };
  const fault = () => {
    throw new Error('no such thing');
  };
  const findings = [
    { lab: null, name: 'a', differences: [trace] },
    { lab: null, name: 'b', differences: [] },
    { lab: null, name: 'e', differences: [], equal: 'as-drawn' as const },
    { lab: null, name: 'f', differences: [], equal: 'recorded-again' as const },
    { lab: null, name: 'c', differences: withFaults(fault) },
    { lab: null, name: 'd', differences: [trace, { kind: 'error', where: 'step 1', text: '' }] },
  ];
  expect(summary(findings)).toBe(
    '3 of 6 equal\n    1 × equal with other ports drawn: e\n    1 × equal when recorded again: f\n    2 × trace missing at nat PREROUTING: a, d\n    1 × fault: no such thing: c',
  );
});
