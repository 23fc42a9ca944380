import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ipsetCommand } from './index';
import { IpSets } from './sets';

/**
 * Transcripts of `ipset`: `$ ipset …`, lines of its input with `| `, what it printed (standard output, then standard
 * error), `=> N` for an exit code that is not 0. Made by the real tool on Linux 6.18; `documented.txt` is for the set
 * types that this kernel was built without.
 */
interface Call {
  readonly line: number;
  readonly args: readonly string[];
  readonly stdin: string;
  readonly printed: string;
  readonly exit: number;
}

const folder = new URL('transcripts/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

function calls(text: string): Call[] {
  const found: { line: number; args: string[]; stdin: string; printed: string; exit: number }[] = [];
  text.split('\n').forEach((line, i) => {
    const call = found.at(-1);
    if (line.startsWith('$ ')) {
      found.push({ line: i + 1, args: words(line.slice(2)).slice(1), stdin: '', printed: '', exit: 0 });
    } else if (!call || line.startsWith('#')) return;
    else if (line === '|' || line.startsWith('| ')) call.stdin += `${line.slice(2)}\n`;
    else if (line.startsWith('=> ')) call.exit = Number(line.slice(3));
    else call.printed += `${line}\n`;
  });
  return found;
}

function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|\S+/g)].map((m) => m[1] ?? m[0]);
}

describe('ipset answers as the tool does', () => {
  it('has transcripts', () => {
    expect(files.length).toBeGreaterThanOrEqual(8);
  });

  for (const file of files) {
    it(file, () => {
      const sets = new IpSets({ now: () => 0, setReferences: () => 0 });
      const all = calls(readFileSync(new URL(file, folder), 'utf8'));
      expect(all.length).toBeGreaterThan(10);
      for (const { line, args, stdin, printed, exit } of all) {
        const got = ipsetCommand(sets, args, stdin);
        const said = `${got.stdout}${got.stderr}`.replace(/\n*$/, '\n').replace(/^\n$/, '');
        expect({ line, exit: got.exit, printed: said }).toEqual({
          line,
          exit,
          printed: printed.replace(/\n*$/, '\n').replace(/^\n$/, ''),
        });
      }
    });
  }
});
