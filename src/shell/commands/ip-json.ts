import type { Field, FieldValue } from '../../base';

/**
 * A list of things in JSON, as iproute2 writes it: `pretty` (-p) gives each member a line, four blanks a level.
 * iproute2: lib/json_writer.c
 */
export function fieldsJson(list: readonly (readonly Field[])[], pretty: boolean): string {
  return `${written(
    list.map((fields) => ({ fields })),
    pretty,
    0,
  )}\n`;
}

function written(value: FieldValue, pretty: boolean, depth: number): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = (member: FieldValue) => written(member, pretty, depth + 1);
  if (!('fields' in value)) {
    const list = value.map(inner).join(',');
    return pretty ? `[ ${list}${list === '' ? '' : ' '}]` : `[${list}]`;
  }
  const line = (level: number) => (pretty ? `\n${'    '.repeat(level)}` : '');
  const named = value.fields.filter(([key]) => key !== '');
  if (named.length === 0) return '{}';
  const members = named.map(([key, member]) => `${line(depth + 1)}"${key}":${pretty ? ' ' : ''}${inner(member)}`);
  return `{${members.join(',')}${line(depth)}}`;
}
