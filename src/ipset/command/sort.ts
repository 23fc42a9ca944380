/** A number at the beginning, as strtol() reads it with base 16: its value and what follows; null if there is none. */
function leading(text: string): { readonly value: number; readonly rest: string } | null {
  const found = /^\s*([+-]?)(?:0x(?=[0-9a-f]))?([0-9a-f]+)/i.exec(text);
  if (!found) return null;
  const value = Number.parseInt(found[2]!, 16);
  return { value: found[1] === '-' ? -value : value, rest: text.slice(found[0].length) };
}

/**
 * The order of `ipset -sorted`: number by number, all read as hexadecimal; what is no number by length, then as text;
 * of networks of one address the longest prefix first. libipset: bystrcmp(), session.c
 */
export function compareElements(a: string, b: string): number {
  let x = a;
  let y = b;
  let sign = 1;
  while (x !== '' && y !== '') {
    const n = leading(x);
    const m = leading(y);
    if (n === null || m === null) {
      const i = x.search(/[:,]|$/);
      const j = y.search(/[:,]|$/);
      if (i === 0 && j === 0) return compareText(x, y);
      if (i !== j) return i - j;
      const order = compareText(x.slice(0, i), y.slice(0, i));
      if (order !== 0) return order;
      x = x.slice(i + 1);
      y = y.slice(i + 1);
      sign = 1;
      continue;
    }
    if (n.value !== m.value) return sign * (n.value - m.value);
    const [p, q] = [n.rest[0], m.rest[0]];
    if (p === '/' || q === '/') {
      if (p === q) sign = -1;
      else return p === '/' ? 1 : -1;
    }
    x = n.rest.slice(1);
    y = m.rest.slice(1);
    if (x[0] === ':' || y[0] === ':') {
      if (x[0] !== y[0]) return x[0] === ':' ? -1 : 1;
      x = x.slice(1);
      y = y.slice(1);
    }
  }
  return x !== '' ? 1 : y !== '' ? -1 : 0;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
