import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;

// The recorder is for Linux machines with Python; its packets need neither root nor Linux.
test.runIf(python)('the unit tests of the recorder', { timeout: 60_000 }, () => {
  const run = spawnSync('python3', ['-B', '-m', 'unittest', 'discover', '-s', '.'], {
    cwd: `${here}recorder`,
    encoding: 'utf8',
  });
  expect(run.stderr).toMatch(/Ran [1-9]\d* tests? in .*\n\nOK\n$/s);
  expect(run.status).toBe(0);
});
