// `npm run bench`: prints how fast things are; nothing here passes or fails by time.
// Benchmarks in Node are *.bench.ts beside the code (vitest); those in a browser are e2e/bench/*.spec.ts (playwright).
import { filesUnder, runTool, say } from './lib.mjs';

const inNode = [...filesUnder('src'), ...filesUnder('app')].some((file) => file.endsWith('.bench.ts'));
const inBrowser = filesUnder('e2e/bench').some((file) => file.endsWith('.spec.ts'));

let code = 0;
if (!inNode && !inBrowser) {
  say('There are no benchmarks.');
  code = 1;
}
if (inNode) code = Math.max(code, await runTool('vitest', ['bench', '--run', ...process.argv.slice(2)]));
if (inBrowser) {
  const env = { ...process.env, HOOKLINE_BENCH: '1' };
  code = Math.max(code, await runTool('playwright', ['test', ...process.argv.slice(2)], { env }));
}
process.exitCode = code;
