import type { Recording } from '../engine';

/** One line for each trace entry, packet, event and counter: small diffs, easy reading. */
export function recordingText(recording: Recording): string {
  return `${lines(recording, 0)}\n`;
}

const ONE_LINE = ['packet', 'original', 'entry', 'src'];

function lines(value: unknown, indent: number): string {
  const one = flat(value);
  if (typeof value !== 'object' || value === null || one.length < 110) return one;
  if (ONE_LINE.some((key) => key in value)) return one;
  const pad = ' '.repeat(indent + 1);
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => pad + lines(item, indent + 1)).join(',\n')}\n${' '.repeat(indent)}]`;
  }
  const members = Object.entries(value).map(
    ([key, item]) => `${pad}${JSON.stringify(key)}: ${lines(item, indent + 1)}`,
  );
  return `{\n${members.join(',\n')}\n${' '.repeat(indent)}}`;
}

/** JSON on one line, with a blank after each comma and colon. */
function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(flat).join(', ')}]`;
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}: ${flat(item)}`).join(', ')}}`;
}
