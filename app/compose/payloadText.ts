/** A payload as in a lab file. */
export type Payload = string | { readonly repeat: string; readonly count: number };

/** Bytes as a person types them: `\r \n \t \0 \\ \xHH` are escapes, and `"x" × 1400` is one text repeated. */
export function payloadOfText(text: string): Payload | { readonly problem: string } {
  const repeated = /^"([^"]+)" ?[×*x] ?(\d{1,5})$/.exec(text.trim());
  if (repeated !== null) {
    const inner = payloadOfText(repeated[1] ?? '');
    const count = Number(repeated[2]);
    if (typeof inner !== 'string') return 'problem' in inner ? inner : { problem: 'A text can be repeated once only.' };
    if (count > 65535) return { problem: 'At most 65535 bytes fit into a packet.' };
    return { repeat: inner, count };
  }
  const broken = /\\(?!r|n|t|0|\\|x[0-9a-f]{2})/i.exec(text);
  if (broken !== null)
    return {
      problem: `“${text.slice(broken.index, broken.index + 2)}” is no escape. There are \\r \\n \\t \\0 \\\\ and \\xHH.`,
    };
  const bytes = text.replace(/\\(r|n|t|0|\\|x[0-9a-f]{2})/gi, (_, code: string) => {
    if (code.toLowerCase().startsWith('x')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return { r: '\r', n: '\n', t: '\t', '0': '\0', '\\': '\\' }[code] ?? code;
  });
  const wide = [...bytes].find((c) => c.charCodeAt(0) > 0xff);
  if (wide !== undefined) return { problem: `“${wide}” is more than one byte. Write its bytes as \\xHH.` };
  return bytes;
}

/** The other way round: bytes as a person types them. */
export function payloadToText(payload: Payload | undefined): string {
  if (payload === undefined) return '';
  if (typeof payload === 'object') return `"${payloadToText(payload.repeat)}" × ${payload.count}`;
  return [...payload].map(escaped).join('');
}

function escaped(c: string): string {
  const code = c.charCodeAt(0);
  if (c !== '\\' && code >= 0x20 && code < 0x7f) return c;
  const short = { '\\': '\\\\', '\r': '\\r', '\n': '\\n', '\t': '\\t', '\0': '\\0' }[c];
  return short ?? `\\x${code.toString(16).padStart(2, '0')}`;
}
