import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { brokenArrows, forbiddenCode } from './cli/dev/arrows';
import { at, filesUnder } from './cli/dev/lib.mjs';
import { rooms } from './rooms';

const sources = new Map(
  ['src', 'app', 'e2e']
    .flatMap((folder) => filesUnder(folder))
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
    .map((file) => [file, readFileSync(at(file), 'utf8')]),
);

describe('the arrows between rooms', () => {
  it('has sources to look at, in the engine and in the page', () => {
    expect([...sources.keys()].filter((file) => file.startsWith('src/')).length).toBeGreaterThan(5);
    expect([...sources.keys()].filter((file) => file.startsWith('app/')).length).toBeGreaterThan(0);
  });

  it('names rooms that exist in the list, and only arrows without a circle', () => {
    const seen: string[] = [];
    for (const { room, from, typesFrom = [] } of rooms) {
      expect(existsSync(at(room)), `${room} is no folder`).toBe(true);
      expect(seen, `${room} is in the list twice`).not.toContain(room);
      for (const other of [...from, ...typesFrom]) expect(seen, `${room} → ${other}`).toContain(other);
      seen.push(room);
    }
  });

  it('is crossed by no import', { timeout: 30_000 }, () => {
    expect(brokenArrows(rooms, sources)).toEqual([]);
  });

  it('gives each room of the engine a front door and a README', () => {
    const engine = rooms.map(({ room }) => room).filter((room) => room.startsWith('src/'));
    const wanted = engine.flatMap((room) => [
      `${room}/README.md`,
      `${room}/${room === 'src/cli' ? 'main' : 'index'}.ts`,
    ]);
    expect(wanted.filter((file) => !existsSync(at(file)))).toEqual([]);
  });

  it.each([
    ['src/wire/udp.ts', "import { Skb } from '../model';", 'src/wire may not import src/model'],
    [
      'src/model/skb.ts',
      "import { sum } from '../wire/checksum';",
      'src/wire/checksum is inside src/wire; import its front door',
    ],
    ['src/fib/trie.ts', "export * from '../conntrack';", 'src/fib may not import src/conntrack'],
    ['src/nat/setup.ts', "type T = import('../host').Host;", 'src/nat may not import src/host'],
    ['src/base/rng.ts', "import { readFileSync } from 'node:fs';", 'src/base may not import node:fs'],
    ['src/lab/schema.ts', "import { z } from 'zod';", 'src/lab may not import zod'],
    ['src/lab/schema.ts', "import { App } from '../../app';", 'src/lab may not import app'],
    ['src/lab/shipped.ts', "import lab from '../../e2e/kernel/a.json';", 'e2e/kernel/a.json is outside src and app'],
    ['src/odd/thing.ts', '', 'this folder is no room in src/rooms.ts'],
    ['app/odd/thing.ts', '', 'this folder is no room in src/rooms.ts'],
    ['app/graph/node.tsx', "const a = <p />; import { b } from '../../src/host';", 'app/graph may not import src/host'],
    ['app/graph/node.tsx', "import { Hook } from '../../src/model';", 'app/graph may import only types from src/model'],
    [
      'app/graph/node.tsx',
      "import { Hook, type Skb } from '../../src/model';",
      'app/graph may import only types from src/model',
    ],
    [
      'app/graph/node.tsx',
      "const load = () => import('../rules/editor');",
      'app/rules/editor is inside app/rules; import its front door',
    ],
    ['app/graph/node.tsx', "import { App } from '../App';", 'app/App is inside app; import its front door'],
    [
      'app/store/w.ts',
      "new Worker(new URL('../../src/lab/w.ts', import.meta.url));",
      'src/lab/w.ts is inside src/lab; import its front door',
    ],
    [
      'e2e/kernel/compare.test.ts',
      "import { run } from '../../src/lab/run';",
      'src/lab/run is inside src/lab; import its front door',
    ],
  ])('refuses in %s: %s', (file, text, problem) => {
    expect(brokenArrows(rooms, new Map([[file, `\n${text}`]]))).toEqual([`${file}:${text === '' ? 1 : 2}: ${problem}`]);
  });

  it.each([
    ['src/wire/udp.ts', "import { sum } from './checksum'; import { Result } from '../base';"],
    ['src/xtables/matches/tcp.ts', "import { Criterion } from '../record'; import { Skb } from '../../model';"],
    ['src/nat/nat.test.ts', "import { Host } from '../host'; import { expect } from 'vitest';"],
    ['src/lab/schema.ts', "import * as v from 'valibot';"],
    ['app/store/engine.ts', "new Worker(new URL('../../src/engine/worker.ts', import.meta.url), { type: 'module' });"],
    ['app/graph/node.tsx', "import type { Hook } from '../../src/model'; import { store } from '../store';"],
    ['app/graph/node.tsx', "import { Handle } from '@xyflow/react'; // import { x } from '../../src/host'"],
    ['app/App.tsx', "import { Graph } from './graph'; const load = () => import('./rules/lazy');"],
    ['e2e/kernel/compare.test.ts', "import { run } from '../../src/lab';"],
  ])('lets pass in %s: %s', (file, text) => {
    expect(brokenArrows(rooms, new Map([[file, text]]))).toEqual([]);
  });
});

describe('what the house does not do', () => {
  it('is nowhere in the sources', { timeout: 30_000 }, () => {
    expect(forbiddenCode(sources)).toEqual([]);
  });

  it.each([
    ['app/a.ts', "eval('1')"],
    ['app/a.ts', "globalThis.eval('1')"],
    ['app/a.ts', "const f = new Function('return 1')"],
    ['src/nat/a.ts', "const f = Function('return 1')"],
    ['app/a.ts', "setTimeout('go()', 1)"],
    ['app/a.ts', "import W from './w?worker&inline'"],
    ['app/a.ts', 'new Worker(URL.createObjectURL(blob))'],
    ['src/host/a.ts', 'const f = () => Date.now()'],
    ['src/host/a.ts', 'const f = () => new Date()'],
    ['src/host/a.ts', 'const f = () => performance.now()'],
    ['src/host/a.ts', 'const f = () => Math.random()'],
    ['src/host/a.ts', 'let count = 0'],
    ['src/host/a.ts', 'export let count = 0'],
    ['src/host/a.ts', 'class A extends B {}'],
    ['src/host/a.ts', 'enum A { B }'],
  ])('is found in %s: %s', (file, text) => {
    expect(forbiddenCode(new Map([[file, `\n${text}`]]))).toEqual([expect.stringMatching(/^[\w/.]+:2: /)]);
  });

  it.each([
    ['app/a.ts', "new Worker(new URL('../src/engine/worker.ts', import.meta.url), { type: 'module' })"],
    ['app/a.ts', 'setTimeout(() => {}, 1); let count = 0; Date.now()'],
    ['src/engine/worker.ts', 'const now = () => performance.now()'],
    ['src/host/a.ts', 'function f(n: number) { let sum = 0; return sum + new Date(n).getTime() } // eval()'],
    ['src/host/a.ts', 'class A extends Error {}'],
    ['src/cli/main.ts', 'console.log(Date.now())'],
  ])('is not found in %s: %s', (file, text) => {
    expect(forbiddenCode(new Map([[file, text]]))).toEqual([]);
  });
});
