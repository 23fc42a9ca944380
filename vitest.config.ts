import { defineConfig } from 'vitest/config';

// Unit tests and data runners, in Node. What needs a browser is in e2e/*.spec.ts and belongs to Playwright.
export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'app/**/*.test.{ts,tsx}', 'e2e/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    benchmark: { include: ['src/**/*.bench.ts', 'app/**/*.bench.ts'] },
    pool: 'threads',
    passWithNoTests: false,
    allowOnly: false,
    // Time is measured by the benchmark; here a slow or busy machine is no failure.
    testTimeout: 60_000,
  },
});
