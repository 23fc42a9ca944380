import { type Lab, type LabHost, type LabStep, stepKind } from '../lab';

/** Whether two JSON values are equal; the order of members does not matter. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(x);
  if (keys.length !== Object.keys(y).length) return false;
  return keys.every((key) => Object.hasOwn(y, key) && deepEqual(x[key], y[key]));
}

/** Whether two labs begin in the same state: the same hosts in the same order, the same clock and the same luck. */
export function sameStart(a: Lab, b: Lab): boolean {
  if (a.seed !== b.seed || a.start !== b.start || a.neighbours !== b.neighbours) return false;
  const [x, y] = [Object.keys(a.hosts), Object.keys(b.hosts)];
  if (x.length !== y.length || x.some((name, i) => name !== y[i])) return false;
  return x.every((name) => sameHost(a.hosts[name]!, b.hosts[name]!)) && deepEqual(claims(a), claims(b));
}

function sameHost(a: LabHost, b: LabHost): boolean {
  const { title: _a, view: _b, interfaces: i = {}, ...x } = a;
  const { title: _c, view: _d, interfaces: j = {}, ...y } = b;
  // The order of interfaces counts, for their MACs and numbers.
  return Object.keys(i).join() === Object.keys(j).join() && deepEqual(i, j) && deepEqual(x, y);
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
  return stepKind(a) === stepKind(b) && deepEqual(x, y);
}
