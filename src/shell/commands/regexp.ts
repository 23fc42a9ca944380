/** A basic or extended (`letters` has E) regular expression, where it means the same in JavaScript. */
export function toRegExp(pattern: string, letters: string, name: string): RegExp | null {
  const extended = letters.includes('E') || name === 'egrep';
  let source = pattern;
  if (letters.includes('F') || name === 'fgrep') source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  else if (!extended) {
    // Basic: + ? | ( ) { } are plain unless a backslash stands before them.
    source = pattern.replace(/\\?[+?|(){}]/g, (m) => (m.length === 2 ? m[1]! : `\\${m}`));
  }
  source = source
    .replaceAll('[[:space:]]', '\\s')
    .replaceAll('[[:digit:]]', '\\d')
    .replaceAll('[:digit:]', '0-9')
    .replaceAll('[:space:]', '\\s');
  if (letters.includes('x')) source = `^(?:${source})$`;
  if (letters.includes('w')) source = `\\b(?:${source})\\b`;
  try {
    return new RegExp(source, letters.includes('i') ? 'i' : '');
  } catch {
    return null;
  }
}
