import type { Host } from '../../host';
import { folderOf, readFile } from '../files';
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
    // Nobody can put a file into the folder that commands begin in.
    if (paths.length === 0) return { stdout: '' };
    let stderr = '';
    const files: string[] = [];
    const folders: string[] = [];
    for (const path of paths) {
      const names = folderOf(host, path);
      const file = names ? null : readFile(host, path);
      if (file !== null && 'notModelled' in file) return { notModelled: `ls ${path}` };
      if (names) folders.push((paths.length > 1 ? `${path}:\n` : '') + names.map((n) => `${n}\n`).join(''));
      else if (file) files.push(`${path}\n`);
      else stderr += `ls: cannot access '${path}': No such file or directory\n`;
    }
    const blocks = files.length === 0 ? folders : [files.join(''), ...folders];
    return { stdout: blocks.join('\n'), stderr, exit: stderr === '' ? 0 : 2 };
  },
};
