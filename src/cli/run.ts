import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createEngine, type Lab, outcomeText, run, toRecording } from '../engine';
import { misuse, parseArgs, print, readLabFile, recordingName } from './files';
import { recordingText } from './text';

/** `hookline run LAB.json… --out DIR | --summary` */
export function runCommand(args: readonly string[]): number {
  const parsed = parseArgs(args, ['--out'], ['--summary']);
  if ('fault' in parsed) return misuse(parsed.fault);
  const { files, options } = parsed;
  const out = options.get('--out');
  const summary = options.has('--summary');
  if (files.length === 0) return misuse('run needs a lab');
  if (!summary && out === undefined) return misuse('run needs --out DIR or --summary');
  if (!summary) mkdirSync(out!, { recursive: true });
  let exit = 0;
  for (const file of files) {
    const code = runOne(file, summary ? null : out!, files.length > 1);
    exit = Math.max(exit, code);
  }
  return exit;
}

function runOne(file: string, out: string | null, several: boolean): number {
  const read = readLabFile(file);
  if ('fault' in read) {
    print(`${read.fault}\n`, 2);
    return 2;
  }
  try {
    if (out === null) print(summaryOf(read.lab, several ? `${file}\n` : ''));
    else writeFileSync(path.join(out, recordingName(file)), recordingText(toRecording(run(read.lab))));
    return 0;
  } catch (error) {
    print(`${file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`, 2);
    return 1;
  }
}

function summaryOf(lab: Lab, head: string): string {
  const result = createEngine().load(lab);
  if (result.refused) {
    const { host, tool, line, message } = result.refused;
    const where = line === 0 ? '' : `, line ${line}`;
    return `${head}refused: ${tool} of ${host}${where}: ${message.split('\n')[0]}\n`;
  }
  const lines = result.steps.map((step, i) => `step ${i + 1}: ${outcomeText(step.outcome)}`);
  const unknown = new Set(result.notModelled.map((n) => `not modelled: ${n.what} on ${n.host}`));
  return `${head}${[...lines, ...unknown].map((line) => `${line}\n`).join('')}`;
}
