import { readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Lab, LabError, readLab } from '../engine';

/** Something that went wrong with a file; its text is all there is to say. */
export interface Fault {
  readonly fault: string;
}

/** Writes all of a text, however long, before anything else happens. */
export function print(text: string, to: 1 | 2 = 1): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(to, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return; // whoever reads has enough
      if (code !== 'EAGAIN') throw error;
    }
  }
}

/** Reads a text file, also one that is compressed with gzip. */
export function readText(file: string): string | Fault {
  try {
    const bytes = readFileSync(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { fault: `${file}: there is no such file` };
    if (code === 'EISDIR') return { fault: `${file}: this is a folder, not a file` };
    return { fault: `${file}: ${message}` };
  }
}

/** Reads a lab. What is wrong with it is told with line, column and the line itself. */
export function readLabFile(file: string): { readonly lab: Lab; readonly text: string } | Fault {
  const text = readText(file);
  if (typeof text !== 'string') return text;
  try {
    return { lab: readLab(text), text };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const lines = text.split('\n');
    const said = error.diagnostics.map((d) => {
      const line = lines[d.line - 1]?.trimEnd() ?? '';
      const from = Math.max(0, d.column - 60);
      const shown = line.slice(from, from + 100);
      const mark = `${' '.repeat(d.column - 1 - from)}${'^'.repeat(Math.max(1, Math.min(d.endColumn - d.column, shown.length - (d.column - 1 - from))))}`;
      return `${file}:${d.line}:${d.column}: ${d.message}\n    ${shown}\n    ${mark}`;
    });
    return { fault: said.join('\n') };
  }
}

/** The name under which a lab's recording is written: its file's, without `.gz`. */
export function recordingName(file: string): string {
  return path.basename(file).replace(/(\.json)?(\.gz)?$/, '.json');
}

/** Options and files of a command line; null if there is an option that is not known, which is then told. */
export function parseArgs(
  args: readonly string[],
  values: readonly string[],
  flags: readonly string[],
): { readonly files: readonly string[]; readonly options: ReadonlyMap<string, string> } | Fault {
  const files: string[] = [];
  const options = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const [name = '', inline] = args[i]!.startsWith('--') ? args[i]!.split(/=(.*)/s, 2) : [args[i]!];
    const long = name === '-o' ? '--out' : name;
    if (!long.startsWith('-') || long === '-') files.push(args[i]!);
    else if (flags.includes(long)) options.set(long, 'yes');
    else if (values.includes(long)) {
      const value = inline ?? args[++i];
      if (value === undefined || value === '') return { fault: `${long} needs a value` };
      options.set(long, value);
    } else return { fault: `there is no option ${name}` };
  }
  return { files, options };
}

/** Prints a mistake in the command line. */
export function misuse(message: string): number {
  print(`hookline: ${message}; see hookline --help\n`, 2);
  return 2;
}
