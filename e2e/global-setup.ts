import { buildPage } from '../src/cli/dev/build.mjs';
import { ensureChromium } from '../src/cli/dev/chromium.mjs';
import { at } from '../src/cli/dev/lib.mjs';
import { serve } from '../src/cli/dev/serve.mjs';

/**
 * Builds the page if needed and serves it below a path, as a project site would be: a test that asks for `/` is sent
 * there, and an address in the page that starts with `/` fails.
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const browser = await ensureChromium();
  if (browser === null) throw new Error('no browser to test with');
  if (!(await buildPage())) throw new Error('the page could not be built');
  const server = await serve({ folder: at('dist'), port: 0, base: '/hookline/' });
  process.env.CHROMIUM_PATH = browser;
  process.env.HOOKLINE_URL = server.url;
  return server.close;
}
