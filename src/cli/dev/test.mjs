// `npm test`: every check of the project, one after the other; a failure does not keep the later ones from running.
//   npm test -- unit browser     only these
// It ends with one line: how many tests of Vitest and Playwright passed and failed. A check of another kind that fails
// counts as one failed test.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildPage } from './build.mjs';
import { cache, runTool, say } from './lib.mjs';
import { checkSizes } from './sizes.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const results = path.join(cache, `results-${process.pid}`);

/** @type {readonly { name: string, title: string, run: () => Promise<boolean | Counts> }[]} */
const checks = [
  {
    name: 'types',
    title: 'Types (tsc)',
    run: async () => {
      const all = await runTool('tsc', ['-p', 'tsconfig.json']);
      const engine = await runTool('tsc', ['-p', 'tsconfig.src.json']);
      return all === 0 && engine === 0;
    },
  },
  {
    name: 'lint',
    title: 'Lint and format (biome)',
    run: async () => (await runTool('biome', ['check', '--error-on-warnings'])) === 0,
  },
  { name: 'unit', title: 'Unit tests and data runners (vitest)', run: unitTests },
  { name: 'build', title: 'Build (vite)', run: buildPage },
  { name: 'size', title: 'Size of the first load', run: async () => checkSizes() },
  { name: 'browser', title: 'Browser tests (playwright)', run: browserTests },
];

async function unitTests() {
  const file = path.join(results, 'unit.json');
  const code = await runTool('vitest', ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]);
  const report = readReport(file);
  return {
    passed: report.numPassedTests,
    // A file that does not even load has no failed test in it.
    failed: Math.max(report.numFailedTests, report.numFailedTestSuites > 0 || code !== 0 ? 1 : 0),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

async function browserTests() {
  const file = path.join(results, 'browser.json');
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  const code = await runTool('playwright', ['test', '--reporter=list,json'], { env });
  const { stats } = readReport(file);
  const failed = stats.unexpected + stats.flaky;
  return { passed: stats.expected, failed: Math.max(failed, code === 0 ? 0 : 1), skipped: stats.skipped };
}

/** @param {string} file */
function readReport(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !checks.some((check) => check.name === name));
if (unknown !== undefined) {
  say(`There is no check "${unknown}". There are: ${checks.map((check) => check.name).join(', ')}`);
  process.exit(2);
}

mkdirSync(results, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const lines = [];
for (const check of checks.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  console.log(`\n── ${check.title}`);
  const start = performance.now();
  const counts = await check.run().then(
    (result) => (typeof result === 'boolean' ? { passed: 0, failed: result ? 0 : 1, skipped: 0 } : result),
    (error) => {
      console.log(error instanceof Error ? error.message : String(error));
      return { passed: 0, failed: 1, skipped: 0 };
    },
  );
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  lines.push(`  ${counts.failed === 0 ? 'ok    ' : 'FAILED'}  ${check.title}, ${seconds} s`);
}
rmSync(results, { recursive: true, force: true });

console.log(`\n${lines.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped === 0 ? '' : `, ${total.skipped} skipped`}`);
process.exitCode = total.failed === 0 ? 0 : 1;
