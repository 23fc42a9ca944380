import { defineConfig } from '@playwright/test';
import { flags } from './src/cli/dev/chromium.mjs';

// e2e/global-setup.ts finds the browser, builds the page and serves it; both arrive here through the environment.
const executablePath = process.env.CHROMIUM_PATH;
const benchmarks = process.env.HOOKLINE_BENCH === '1';

export default defineConfig({
  testDir: benchmarks ? 'e2e/bench' : 'e2e',
  testMatch: '**/*.spec.ts',
  testIgnore: benchmarks ? [] : ['bench/**'],
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  reporter: 'list',
  forbidOnly: true,
  retries: 0,
  fullyParallel: true,
  workers: benchmarks ? 1 : 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    ...(process.env.HOOKLINE_URL === undefined ? {} : { baseURL: process.env.HOOKLINE_URL }),
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    launchOptions: { args: flags, ...(executablePath === undefined ? {} : { executablePath }) },
  },
});
