// `npm run hookline -- …`: runs the bundled command line in the folder where the user called npm, so that paths mean
// what they mean in the user's shell.
import { pathToFileURL } from 'node:url';
import { cliBundle } from './lib.mjs';

process.setSourceMapsEnabled(true);
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
await import(pathToFileURL(cliBundle).href);
