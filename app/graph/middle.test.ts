import { expect, test } from 'vitest';
import { shortNames } from './Middle';

test('chains of one family differ in their card', () => {
  const input = ['before-logging', 'before', 'after', 'after-logging', 'reject', 'track'].map((n) => `ufw-${n}-input`);
  expect(shortNames(input, 'INPUT')).toEqual([
    '…before-logging…',
    '…before…',
    '…after…',
    '…after-logging…',
    '…reject…',
    '…track…',
  ]);
});

test('what is short, or alone, keeps its beginning', () => {
  expect(shortNames(['DOCKER', 'DOCKER-USER'], 'FORWARD')).toEqual(['DOCKER', 'DOCKER-USER']);
  expect(shortNames(['DOCKER-ISOLATION-STAGE-1', 'DOCKER'], 'FORWARD')).toEqual(['DOCKER-ISOLATION-STAGE-1', 'DOCKER']);
  expect(shortNames(['ufw-before-logging-input'], 'INPUT')).toEqual(['ufw-before-logging…']);
  expect(shortNames(['KUBE-SVC-ERIFXISQEP7F7OF4', 'KUBE-SVC-TCOU7JCQXEZGVUNU'], 'OUTPUT')).toEqual([
    '…ERIFXISQEP7F7OF4',
    '…TCOU7JCQXEZGVUNU',
  ]);
  expect(shortNames([], 'INPUT')).toEqual([]);
});
