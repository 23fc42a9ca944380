import { bench, describe } from 'vitest';
import { shippedLabs } from '../lab';
import { createEngine, runLab } from '.';

const labs = await Promise.all(shippedLabs.map(({ load }) => load()));
const router = labs.find((lab) => lab.name === 'home-router')!;

describe('a shipped lab, loaded and run (goal: under 5 ms)', () => {
  for (const lab of labs) bench(lab.name, () => void createEngine().load(lab));
});

describe('the lab that opens first', () => {
  const engine = createEngine();
  engine.load(router);
  let n = 0;
  bench('its recording', () => void runLab(router));
  bench('an edit of a rule', () => {
    const iptables = router.hosts.router!.iptables!.replace('--dport 443', `--dport ${1000 + (n++ % 1000)}`);
    engine.load({ ...router, hosts: { ...router.hosts, router: { ...router.hosts.router!, iptables } } });
  });
  bench('an edit of the last step', () => {
    engine.load({ ...router, steps: [...router.steps.slice(0, -1), { wait: { seconds: n++ % 1000 } }] });
  });
  bench('the state at an event', () => {
    const { events } = engine.load(router);
    engine.stateAt(n++ % events.length);
  });
});
