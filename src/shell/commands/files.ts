import type { Host } from '../../host';
import { folderOf, readFile } from '../files';
import { fails } from '../output';
import type { CommandOutput, LocalCommand } from '../types';

/** The texts of files; or what is wrong with one of them. `-` is what is piped in. */
export function readFiles(
  host: Host,
  tool: string,
  paths: readonly string[],
  stdin: string,
):
  | { readonly files: readonly { readonly path: string; readonly text: string }[]; readonly stderr: string }
  | CommandOutput {
  const files: { path: string; text: string }[] = [];
  let stderr = '';
  for (const path of paths) {
    if (path === '-') {
      files.push({ path: '(standard input)', text: stdin });
      continue;
    }
    if (!path.startsWith('/')) {
      stderr += `${tool}: ${path}: No such file or directory\n`;
      continue;
    }
    const file = readFile(host, path);
    if (file === null) {
      const folder = folderOf(host, path) !== null;
      stderr += `${tool}: ${path}: ${folder ? 'Is a directory' : 'No such file or directory'}\n`;
    } else if ('notModelled' in file) return { notModelled: `${tool} ${path}` };
    else files.push({ path, text: file.text });
  }
  return { files, stderr };
}

export const ls: LocalCommand = {
  names: ['ls'],
  help: 'Lists a folder of /proc or /sys',
  run: ({ host, args }) => {
    const odd = args.find((a) => a.startsWith('-') && a !== '-1');
    if (odd !== undefined) return { notModelled: `ls ${odd}` };
    const paths = args.filter((a) => !a.startsWith('-'));
    if (paths.length !== 1) return { notModelled: `ls ${args.join(' ')}`.trim() };
    const path = paths[0]!;
    const names = folderOf(host, path);
    if (names) return { stdout: names.map((n) => `${n}\n`).join('') };
    const file = readFile(host, path);
    if (file === null) return fails(2, `ls: cannot access '${path}': No such file or directory`);
    return 'notModelled' in file ? { notModelled: `ls ${path}` } : { stdout: `${path}\n` };
  },
};
