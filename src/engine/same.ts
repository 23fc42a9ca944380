import { type Lab, type LabHost, type LabStep, stepKind } from '../lab';

/** Whether two plain values are equal; the order of members does not matter. What is not plain is equal to itself alone. */
export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || a instanceof Uint8Array) {
    const [x, y] = [a, b as readonly unknown[] | Uint8Array];
    if (x.constructor !== y.constructor || x.length !== y.length) return false;
    for (let i = 0; i < x.length; i++) if (!equal(x[i], y[i])) return false;
    return true;
  }
  if (a.constructor !== Object || b.constructor !== Object) return false;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  let more = 0;
  for (const key in x) {
    const value = x[key];
    const other = y[key];
    if (value !== other && !equal(value, other)) return false;
    if (value === undefined && !(key in y)) return false;
    more++;
  }
  for (const _ in y) more--;
  return more === 0;
}

/** Whether two labs begin in the same state: the same hosts in the same order, the same clock and the same luck. */
export function sameStart(a: Lab, b: Lab): boolean {
  if (a.seed !== b.seed || a.start !== b.start || a.neighbours !== b.neighbours) return false;
  const [x, y] = [Object.keys(a.hosts), Object.keys(b.hosts)];
  if (x.length !== y.length || x.some((name, i) => name !== y[i])) return false;
  return x.every((name) => sameHost(a.hosts[name]!, b.hosts[name]!)) && equal(claims(a), claims(b));
}

function sameHost(a: LabHost, b: LabHost): boolean {
  const { title: _a, view: _b, interfaces: i = {}, ...x } = a;
  const { title: _c, view: _d, interfaces: j = {}, ...y } = b;
  // The order of interfaces counts, for their MACs and numbers.
  return Object.keys(i).join() === Object.keys(j).join() && equal(i, j) && equal(x, y);
}

/** What steps ask of the start: ports that the lab owns, neighbours that resolve. */
function claims(lab: Lab): readonly string[] {
  const found = new Set<string>();
  for (const step of lab.steps) {
    if ('send' in step) {
      const { host, packet } = step.send;
      const port = packet.tcp?.sport ?? packet.udp?.sport;
      if (port !== undefined) found.add(`port ${host} ${packet.src} ${packet.tcp ? 'tcp' : 'udp'} ${port}`);
    } else if ('receive' in step) {
      const { host, interface: dev, packet, mac } = step.receive;
      found.add(`neighbour ${host} ${dev} ${packet.src} ${mac ?? ''}`);
    }
  }
  // The first neighbour that claims an address wins, so order counts among them.
  return [...found].sort((a, b) => (a.startsWith('port') && b.startsWith('port') ? (a < b ? -1 : 1) : 0));
}

/** How many steps at the beginning of two labs do the same. */
export function commonSteps(a: Lab, b: Lab): number {
  let n = 0;
  while (n < a.steps.length && n < b.steps.length && sameStep(a.steps[n]!, b.steps[n]!)) n++;
  return n;
}

function sameStep(a: LabStep, b: LabStep): boolean {
  const { title: _a, notes: _b, ...x } = a;
  const { title: _c, notes: _d, ...y } = b;
  return stepKind(a) === stepKind(b) && equal(x, y);
}
