import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The content security policy, first in the head of the built page. The development server needs inline scripts. */
const contentSecurityPolicy: Plugin = {
  name: 'hookline:content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
  ],
};

/** The page imports the worker's file as well, for what it exports. */
const exportsOfWorker: Plugin = {
  name: 'hookline:exports-of-worker',
  options: (options) => ({ ...options, preserveEntrySignatures: 'allow-extension' }),
};

// Worker code has a folder of its own, so that the size limits of page and worker can be told apart.
const workerFiles = {
  entryFileNames: 'assets/worker/[name]-[hash].js',
  chunkFileNames: 'assets/worker/[name]-[hash].js',
  // What the worker and its lazy parts share is one file: many small ones compress worse. Of conntrack and xtables it is
  // not all: what only lazy parts, or only the worker, ask for is not in it.
  codeSplitting: {
    groups: [
      {
        name: 'core',
        test: /\bsrc.(base|wire|model|conntrack(?!.(create|update|synproxy)\.ts)|nat|xtables.(record|read.(numbers|names)|print.rule|state.uses)\.ts)\b|\bvalibot\b/,
      },
    ],
  },
};

export default defineConfig({
  base: './', // the site works from any path of any static server
  plugins: [react(), tailwindcss(), contentSecurityPolicy],
  worker: { format: 'es', plugins: () => [exportsOfWorker], rolldownOptions: { output: workerFiles } },
  build: {
    outDir: 'dist',
    assetsInlineLimit: 0, // a `data:` font or script would break the policy
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000, // the limits that count are in src/cli/dev/sizes.mjs
  },
});
