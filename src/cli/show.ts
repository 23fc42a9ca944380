import type { Recording } from '../engine';
import { misuse, parseArgs, print, readText } from './files';

/** `hookline show RECORDING.json…`: recordings in short lines. */
export function showCommand(args: readonly string[]): number {
  const parsed = parseArgs(args, [], []);
  if ('fault' in parsed) return misuse(parsed.fault);
  if (parsed.files.length === 0) return misuse('show needs a recording');
  let exit = 0;
  for (const file of parsed.files) {
    const recording = readRecording(file);
    if (typeof recording === 'string') {
      print(`${recording}\n`, 2);
      exit = 2;
    } else print(shown(recording));
  }
  return exit;
}

function readRecording(file: string): Recording | string {
  const text = readText(file);
  if (typeof text !== 'string') return text.fault;
  try {
    const value = JSON.parse(text) as Partial<Recording> | null;
    if (value?.format === 'recording/1') return value as Recording;
  } catch {
    return `${file}: this is not JSON`;
  }
  return `${file}: this is no recording ("format" is not "recording/1")`;
}

function shown(recording: Recording): string {
  const out = [`${recording.lab} (${recording.by})`];
  if (recording.refused) {
    const { host, tool, line, message } = recording.refused;
    out.push(`refused: ${tool} of ${host}, line ${line}: ${message}`);
  }
  recording.steps?.forEach((step, i) => {
    const said = [step.error, step.exit === undefined ? undefined : `exit ${step.exit}`, step.output];
    out.push(
      `step ${i + 1}${said
        .filter((x) => x !== undefined)
        .map((x) => ` ${x}`)
        .join('')}`,
    );
    for (const [name, host] of Object.entries(step.hosts ?? {})) {
      for (const t of host.trace ?? []) {
        out.push(
          `  ${name} trace ${t.family} ${t.table} ${t.chain} ${t.rule} in=${t.in} out=${t.out} mark=${t.mark}  ${JSON.stringify(t.packet)}`,
        );
      }
      for (const w of host.wire ?? [])
        out.push(`  ${name} wire ${w.interface} ${w.direction}  ${JSON.stringify(w.packet)}`);
      for (const c of host.conntrack ?? []) out.push(`  ${name} ${c.event} ${JSON.stringify(c.entry)}`);
    }
  });
  for (const [name, end] of Object.entries(recording.end ?? {})) {
    for (const entry of end.conntrack ?? []) out.push(`end ${name} conntrack ${JSON.stringify(entry)}`);
    for (const [rule, [packets, bytes]] of Object.entries(end.counters ?? {})) {
      out.push(`end ${name} counter ${rule}: ${packets} packets, ${bytes} bytes`);
    }
    for (const [set, members] of Object.entries(end.ipset ?? {}))
      out.push(`end ${name} set ${set}: ${members.join(' ')}`);
  }
  for (const n of recording.notModelled ?? []) out.push(`not modelled, step ${n.step}, ${n.host}: ${n.what}`);
  return `${out.join('\n')}\n`;
}
