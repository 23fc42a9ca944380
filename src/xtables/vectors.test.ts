import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TableName } from '../model';
import { loadDocument, saveText, type XtFamily, XtTables } from '.';
import { matches } from './matches';
import { targets } from './targets';
import { parseSave } from './whole';

/**
 * Lines beside the extensions, in files `.t`: `rule;what iptables-save prints, or =;OK` or `rule;;FAIL code`. A line
 * `@family table chain` says where the rules after it stand; `@both` is for both families.
 */
interface Vector {
  readonly family: XtFamily;
  readonly table: TableName;
  readonly chain: string;
  readonly rule: string;
  readonly saved: string;
  /** '' if the rule is taken. */
  readonly code: string;
}

const here = import.meta.dirname;
const files = ['matches', 'targets', 'run'].flatMap((folder) =>
  readdirSync(join(here, folder))
    .filter((name) => name.endsWith('.t'))
    .map((name) => `${folder}/${name}`),
);

function readVectors(file: string): Vector[] {
  const vectors: Vector[] = [];
  let place: readonly [readonly XtFamily[], TableName, string] | null = null;
  for (const line of readFileSync(join(here, file), 'utf8').split('\n')) {
    if (line === '') continue;
    if (line.startsWith('@')) {
      const [family, table, chain] = line.slice(1).split(' ') as [XtFamily | 'both', TableName, string];
      place = [family === 'both' ? ['ip', 'ip6'] : [family], table, chain];
      continue;
    }
    const outcome = line.lastIndexOf(';');
    const middle = line.lastIndexOf(';', outcome - 1);
    const rule = line.slice(0, middle);
    const printed = line.slice(middle + 1, outcome);
    const code = line.slice(outcome + 1) === 'OK' ? '' : line.slice(outcome + 1).replace('FAIL ', '');
    const [families, table, chain] = place!;
    const saved = printed === '=' ? rule : printed;
    for (const family of families) vectors.push({ family, table, chain, rule, saved, code });
  }
  return vectors;
}

describe('rules as the real tools take, print and refuse them', () => {
  it('has lines for every extension', () => {
    const text = files.map((file) => readFileSync(join(here, file), 'utf8')).join('');
    const uses = (word: string): boolean => text.includes(`${word} `) || text.includes(`${word};`);
    const missing = [
      ...matches.filter(({ name }) => !uses(`-m ${name}`)).map(({ name }) => `-m ${name}`),
      ...targets.filter(({ name }) => !uses(`-j ${name}`)).map(({ name }) => `-j ${name}`),
    ];
    expect(missing).toEqual([]);
  });

  it.each(files)('%s', (file) => {
    const wrong: object[] = [];
    const vectors = readVectors(file);
    expect(vectors.length).toBeGreaterThan(0);
    for (const { family, table, chain, rule, saved, code } of vectors) {
      const document = parseSave(`*${table}\n-A ${chain} ${rule}\nCOMMIT\n`, { family });
      const tables = new XtTables(family);
      loadDocument(tables, document);
      const line = saveText(tables).match(/^-A \S+ (.*)$/m)?.[1] ?? '';
      const found = document.diagnostics[0]?.code ?? '';
      if (line !== saved || found !== code) wrong.push({ family, rule, line, found });
    }
    expect(wrong).toEqual([]);
  });
});

/** iptables' own extension tests, as the real tool answered them: not part of the project. */
const suites = process.env.HOOKLINE_SUITES ?? '';
const foreign = join(suites, 'iptables-1.8.9.jsonl');

describe('the extension tests of iptables 1.8.9', () => {
  it('tries none unless HOOKLINE_SUITES says where they are', () => {
    expect(suites === '' || existsSync(foreign)).toBe(true);
  });

  it.runIf(suites !== '')('are answered as the real tool answers', () => {
    const wrong: object[] = [];
    for (const line of readFileSync(foreign, 'utf8').trim().split('\n')) {
      const { tool, table, chain, rule, observed, saved } = JSON.parse(line) as ForeignLine;
      const family = tool === 'iptables' ? 'ip' : 'ip6';
      const tables = new XtTables(family);
      const document = parseSave(`*${table}\n-A ${chain} ${rule}\nCOMMIT\n`, { family, context: { sets: null } });
      loadDocument(tables, document);
      const printed = saveText(tables, { table }).match(/^-A .*$/m)?.[0] ?? '';
      const refused = document.diagnostics.length > 0;
      const right = refused ? observed === 'FAIL' : observed !== 'FAIL' && printed === saved;
      if (!right && !byChance(rule, chain)) wrong.push({ tool, table, chain, rule, printed });
    }
    expect(wrong).toEqual([]);
  });
});

/** Loaded once, as the estimator of another line was not gone yet when it was tried. */
function byChance(rule: string, chain: string): boolean {
  return chain === 'INPUT' && rule === '-m rateest --rateest RE1 --rateest-lt --rateest-bps 8bit';
}

interface ForeignLine {
  readonly tool: string;
  readonly table: TableName;
  readonly chain: string;
  readonly rule: string;
  readonly observed: string;
  readonly saved?: string;
}
