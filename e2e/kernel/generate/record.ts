import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The kernel's recordings of labs, in their order; null for one that could not be recorded. */
export async function recordLabs(
  labs: readonly unknown[],
  recorder: string,
  jobs: number,
): Promise<readonly (unknown | null)[]> {
  if (labs.length === 0) return [];
  const dir = path.join(tmpdir(), `hookline-kernel-${process.pid}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(path.join(dir, 'out'), { recursive: true });
  try {
    const files = labs.map((lab, index) => {
      const file = path.join(dir, `${index}.json`);
      writeFileSync(file, JSON.stringify(lab));
      return file;
    });
    const code = await run('python3', [recorder, ...files, '-o', path.join(dir, 'out'), '-j', String(jobs)]);
    if (code === 2) throw new Error('this machine cannot record; see above');
    return labs.map((_, index) => {
      const file = path.join(dir, 'out', `${index}.json`);
      return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown) : null;
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
