import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleCli } from './dev/bundle-cli.mjs';
import { at, cliBundle } from './dev/lib.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'hookline-test-'));
const lab = at('src/lab/labs/home-router.json');

beforeAll(async () => {
  await bundleCli();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function hookline(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cliBundle, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function file(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return name;
}

describe('hookline run', () => {
  it('writes recordings under the names of the labs', () => {
    expect(hookline('run', lab, '--out', 'recordings')).toEqual({ status: 0, stdout: '', stderr: '' });
    const recording = JSON.parse(readFileSync(path.join(folder, 'recordings/home-router.json'), 'utf8'));
    expect(recording).toMatchObject({ format: 'recording/1', lab: 'home-router' });
    expect(recording.steps.length).toBeGreaterThan(6);
  });

  it('prints a line a step', () => {
    const { status, stdout } = hookline('run', lab, '--summary');
    expect(status).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['step 1', 'step 2', 'step 3', 'step 4']);
    expect(stdout).toMatch(/step 4: DROP at router by filter INPUT policy/);
    expect(readdirSync(folder)).not.toContain('--summary');
  });

  it('says what is wrong with a file that is no lab, and runs the others', () => {
    const bad = file('bad.json', '{\n "format": "lab/1",\n "nmae": "x",\n "hosts": {}\n}\n');
    const result = hookline('run', bad, lab, 'missing.json', '--out', 'more');
    expect(result.status).toBe(2);
    expect(result.stderr).toContain('bad.json:3:2: "nmae" is not a member of a lab; did you mean "name"?');
    expect(result.stderr).toContain('missing.json: there is no such file');
    expect(readdirSync(path.join(folder, 'more'))).toEqual(['home-router.json']);
  });

  it('ends well when a configuration is refused', () => {
    const refused = {
      format: 'lab/1',
      name: 'r',
      hosts: { h: { iptables: '*filter\n-A NOWHERE -j ACCEPT\nCOMMIT\n' } },
    };
    const name = file('refused.json', JSON.stringify(refused));
    expect(hookline('run', name, '--out', 'refused').status).toBe(0);
    const recording = JSON.parse(readFileSync(path.join(folder, 'refused/refused.json'), 'utf8'));
    expect(recording.refused).toMatchObject({ host: 'h', tool: 'iptables', line: 2 });
    expect(hookline('run', name, '--summary').stdout).toMatch(/^refused: iptables of h, line 2: /);
  });

  it.each([
    [['run'], /needs a lab/],
    [['run', 'a.json'], /--out DIR or --summary/],
    [['run', 'a.json', '--otu', 'x'], /no option --otu/],
    [['frobnicate'], /no command "frobnicate"/],
    [[], /hookline run/],
  ])('explains itself: %j', (args, message) => {
    const result = hookline(...args);
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(message);
  });

  it('has help', () => {
    expect(hookline('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('hookline expand') });
  });
});

describe('hookline expand', () => {
  it('writes client steps as plain sends, and the expansion runs the same', () => {
    const { status, stdout } = hookline('expand', lab);
    expect(status).toBe(0);
    const expanded = JSON.parse(stdout);
    expect(expanded.steps.every((step: object) => 'send' in step)).toBe(true);
    file('expanded.json', stdout);
    expect(hookline('run', 'expanded.json', '--out', 'a').status).toBe(0);
    const again = hookline('expand', 'expanded.json');
    expect(JSON.parse(again.stdout)).toEqual(expanded);
  });
});

describe('hookline show', () => {
  it('prints a recording in short lines', () => {
    hookline('run', lab, '--out', 'shown');
    const { status, stdout } = hookline('show', 'shown/home-router.json');
    expect(status).toBe(0);
    expect(stdout).toMatch(/router trace ip nat PREROUTING 2 in=eth0/);
    expect(hookline('show', lab).status).toBe(2);
  });
});
