import { type Diagnostic, type LabHost, parseLab } from '../../src/engine';
import type { HostPart } from './members';
import { withMember } from './withMember';

/** A part as text: sysctls as `sysctl.conf` has them, the others as JSON. */
export function partText(host: LabHost | undefined, part: HostPart): string {
  switch (part) {
    case 'sysctl':
      return Object.entries(host?.sysctl ?? {})
        .map(([key, value]) => `${key} = ${value}\n`)
        .join('');
    case 'listen':
      return (host?.listen ?? []).length === 0
        ? ''
        : `[\n${(host?.listen ?? []).map((l) => `  ${inline(l)}`).join(',\n')}\n]\n`;
    case 'hooks':
    case 'queues': {
      // The line of each is its number, which is what reports say.
      const list: readonly unknown[] = host?.[part] ?? [];
      return list.length === 0 ? '' : `[${list.map(inline).join(',\n ')}]\n`;
    }
    case 'interfaces': {
      const entries = Object.entries(host?.interfaces ?? {});
      return entries.length === 0
        ? ''
        : `{\n${entries.map(([name, i]) => `  ${JSON.stringify(name)}: ${inline(i)}`).join(',\n')}\n}\n`;
    }
  }
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, v]) => `${JSON.stringify(key)}: ${inline(v)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** A part of a host, read from its text; or what is wrong with the text. */
export type PartRead =
  | { readonly ok: true; readonly host: Pick<LabHost, HostPart> }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** A part out of its text, or what is wrong with the text, by line and column. */
export function readPart(part: HostPart, text: string): PartRead {
  if (part === 'sysctl') return readSysctls(text);
  if (text.trim() === '') return { ok: true, host: {} };
  // What is no JSON is told of the text as it stands.
  const alone = parseLab(text);
  if (!alone.ok && alone.diagnostics[0]?.code === 'json') return alone;
  // The lab's own reader judges the rest, in a lab that has nothing else; its lines begin below the first.
  const before = `{"format":"lab/1","name":"x","steps":[],"hosts":{"x":{${JSON.stringify(part)}:\n`;
  const read = parseLab(`${before}${text}\n}}}`);
  if (!read.ok) {
    return {
      ok: false,
      diagnostics: read.diagnostics.map((d) => ({
        ...d,
        line: Math.max(1, Math.min(d.line - 1, text.split('\n').length)),
        message: d.message.replace(/^hosts\.x\.?/, ''),
      })),
    };
  }
  return { ok: true, host: read.value.hosts.x ?? {} };
}

function readSysctls(text: string): PartRead {
  const sysctl: Record<string, string> = {};
  const diagnostics: Diagnostic[] = [];
  text.split('\n').forEach((line, i) => {
    if (/^\s*($|[#;])/.test(line)) return;
    const [, key, value] = /^\s*-?([^=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) {
      sysctl[key] = value;
      return;
    }
    const column = line.length - line.trimStart().length + 1;
    const message = 'key = value is wanted, as net.ipv4.ip_forward = 1';
    diagnostics.push({
      severity: 'error',
      code: 'sysctl-line',
      line: i + 1,
      column,
      endColumn: line.length + 1,
      message,
    });
  });
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  return { ok: true, host: { sysctl } };
}

/** The host with this part; an empty one is left out. */
export function withPart(host: LabHost, part: HostPart, from: Pick<LabHost, HostPart>): LabHost {
  const { [part]: value = {} } = from;
  return withMember<LabHost, HostPart>(host, part, Object.keys(value).length === 0 ? undefined : value);
}
