import { expandLab, forKernel, run } from '../engine';
import { misuse, parseArgs, print, readLabFile } from './files';

/** `hookline expand LAB.json`: what a kernel can be given. */
export function expandCommand(args: readonly string[]): number {
  const parsed = parseArgs(args, [], []);
  if ('fault' in parsed) return misuse(parsed.fault);
  const [file, ...more] = parsed.files;
  if (file === undefined || more.length > 0) return misuse('expand needs one lab');
  const read = readLabFile(file);
  if ('fault' in read) {
    print(`${read.fault}\n`, 2);
    return 2;
  }
  const trace = run(forKernel(read.lab));
  if (trace.refused) {
    const { host, tool, line, message } = trace.refused;
    print(`${file}: note: ${tool} of ${host}, line ${line}, would be refused: ${message.split('\n')[0]}\n`, 2);
  }
  print(`${JSON.stringify(expandLab(trace), null, 1)}\n`);
  return 0;
}
