import { bench, describe } from 'vitest';
import { shippedLabs } from '../lab';
import { createEngine, runLab } from '.';
import { bigLab, flatRuleset, serviceRuleset, withEdit } from './testing/rulesets';

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

for (const [name, ruleset, goals] of [
  ['2,000 rules', flatRuleset(2000), { load: 'none', edit: '25 ms' }],
  ['50,000 rules in one chain', flatRuleset(50_000), { load: '600 ms', edit: '350 ms' }],
  ['100,000 lines, 27,000 chains', serviceRuleset(6660), { load: '600 ms', edit: '350 ms' }],
] as const) {
  describe(name, () => {
    const lab = bigLab(ruleset);
    const engine = createEngine();
    const { events } = engine.load(lab);
    const walk = events.reduce((a, b) => (b.type === 'rule' && (a.type !== 'rule' || b.to > a.to) ? b : a));
    const ports = ruleset.split(' --dport ').length - 1;
    const edits = Array.from({ length: 16 }, (_, i) => withEdit(lab, ports * i + 5)); // of one rule, as somebody types
    let n = 0;
    const few = { iterations: 3, time: 300, warmupIterations: 1, warmupTime: 0 };
    const reload = (): void => void engine.load(lab);
    bench(`load (goal: ${goals.load})`, () => void createEngine().load(lab), few);
    bench(`an edit of a rule (goal: ${goals.edit})`, () => void engine.load(edits[n++ % edits.length]), few);
    bench(
      'one more step (goal: 20 ms)',
      () => void engine.load({ ...lab, steps: [...lab.steps, { wait: { seconds: ++n } }] }),
      {
        ...few,
        setup: reload,
      },
    );
    bench('tried, in its longest chain (goal: 30 ms)', () => void engine.tried(walk.id), { ...few, setup: reload });
    bench('the state at an event (goal: 30 ms)', () => void engine.stateAt(walk.id + 1), { ...few, setup: reload });
    bench('its findings (goal: 1 s)', () => void engine.findings('ip', ruleset), few);
  });
}
