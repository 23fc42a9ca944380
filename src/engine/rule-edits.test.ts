import { describe, expect, it } from 'vitest';
import { Rng } from '../base';
import { type Lab, RulesetCache, Run, shippedLabs, wholeToolbox } from '../lab';
import { createNearEngine, type NearEngine } from './near';
import { RuleEdits } from './rule-edits';
import { createEngine } from './whole';

const labs = await Promise.all(shippedLabs.map((lab) => lab.load()));
const [home] = labs as [Lab];

const withRules = (lab: Lab, host: string, iptables: string): Lab => ({
  ...lab,
  hosts: { ...lab.hosts, [host]: { ...lab.hosts[host]!, iptables } },
});

/** An engine that has run the lab, with all its parts there. */
async function nearWith(lab: Lab): Promise<NearEngine> {
  const near = createNearEngine(() => 0);
  await expect.poll(() => near.run(lab)).not.toBeNull();
  near.prepare();
  return near;
}

/** One word of one rule becomes another, as somebody would write it. */
function edited(text: string, rng: Rng): string {
  const lines = text.split('\n');
  const rules = lines.flatMap((line, i) => (line.startsWith('-A ') ? [i] : []));
  if (rules.length === 0) return text;
  const at = rules[rng.below(rules.length)]!;
  const words = lines[at]!.split(' ');
  const word = 2 + rng.below(words.length - 2);
  words[word] = another(words[word]!, rng);
  lines[at] = words.join(' ');
  return lines.join('\n');
}

function another(word: string, rng: Rng): string {
  const pick = (...all: string[]): string => all[rng.below(all.length)]!;
  if (/^\d+$/.test(word)) return pick(`${word}1`, word.slice(0, -1) || '7', '80', '53', '22');
  if (/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(word))
    return pick('10.0.0.0/24', '0.0.0.0/1', '203.0.113.1/32', '198.51.100.0/24');
  if (/^eth\d$|^lo$/.test(word)) return pick('eth0', 'eth1', 'lo', 'eth+');
  if (/^(ACCEPT|DROP|RETURN)$/.test(word)) return pick('ACCEPT', 'DROP', 'RETURN');
  if (/^(tcp|udp)$/.test(word)) return pick('tcp', 'udp');
  if (/^(NEW|ESTABLISHED|RELATED)/.test(word)) return pick('NEW', 'ESTABLISHED', 'NEW,ESTABLISHED', 'INVALID');
  return word;
}

describe('a run after one rule was edited', () => {
  it.each(labs.map((lab) => [lab.name, lab] as const))('%s runs as if from the start', async (_, lab) => {
    const near = await nearWith(lab);
    const rng = new Rng(7);
    let now = lab;
    for (let i = 0; i < 40; i++) {
      const hosts = Object.keys(lab.hosts).filter((h) => lab.hosts[h]!.iptables);
      if (hosts.length === 0) return;
      const host = hosts[rng.below(hosts.length)]!;
      // Some edits go back to what the lab was.
      const from = rng.below(4) === 0 ? lab : now;
      now = withRules(now, host, edited(from.hosts[host]!.iptables!, rng));
      const said = near.run(now);
      expect(said, now.hosts[host]!.iptables).toEqual(createEngine().load(now));
      if (rng.below(3) > 0) near.prepare();
    }
  });
});

describe('a run goes on', () => {
  const cache = new RulesetCache(wholeToolbox);
  const played = (lab: Lab): Run => {
    const run = Run.start(lab, cache, { checkpoints: () => true });
    for (const _ of run.play());
    return run;
  };
  const rules = home.hosts.router!.iptables!;
  const replaced = (from: string, to: string): Lab => withRules(home, 'router', rules.replace(from, to));
  /** The step that a run begins with after this edit. */
  const begins = (from: string, to: string): number | undefined => {
    expect(rules).toContain(from);
    const run = new RuleEdits().begin(played(home), replaced(from, to), cache);
    return run?.story().userSteps.length;
  };

  it.each([
    ['--dport 53 -j MARK', '--dport 531 -j MARK', 2],
    ['-i eth1 -p udp -m udp --dport 53', '-i eth1 -p udp -m udp --sport 53', 2],
    ['--dport 80 -j DNAT', '--dport 81 -j DNAT', 0],
    ['--dport 443 -j DNAT --to-destination 10.0.0.5:8443', '--dport 22 -j DNAT --to-destination 10.0.0.5:80', 3],
    ['--dport 443 -j DNAT --to-destination 10.0.0.5:8443', '--dport 443 -j DNAT --to-destination 10.0.0.6', 3],
    [
      '-p icmp -m icmp --icmp-type 8 -m limit --limit 10/sec',
      '-p icmp -m icmp --icmp-type 0 -m limit --limit 9/sec',
      3,
    ],
    ['-s 10.0.0.0/24 -i eth0 -j DROP', '-s 10.0.0.0/24 -i eth1 -j DROP', 0],
  ])('%s: %s', (from, to, step) => {
    expect(begins(from, to)).toBe(step);
  });

  it.each([
    ['a rule more', '-A FORWARD -i eth1 -o eth0 -j ACCEPT', '-A FORWARD -i eth1 -o eth0 -j ACCEPT\n-A FORWARD -j LOG'],
    ['a rule that is wrong', '--dport 22 -j ACCEPT', '--dport 22 -j ACEPT'],
    ['two rules', '--dport 22 -j ACCEPT\n-A FORWARD -m', '--dport 23 -j ACCEPT\n-A FORWARD ! -i lo -m'],
    ['a policy', ':FORWARD DROP', ':FORWARD ACCEPT'],
    [
      'connections that are no longer tracked as before',
      '-A OUTPUT -o lo -j CT --notrack',
      '-A OUTPUT -o lo -j ACCEPT',
    ],
  ])('from nowhere after %s', (_, from, to) => {
    expect(begins(from, to)).toBeUndefined();
  });

  it.each([
    ['a line that stays wrong', '-j ACEP', '-j ACEPT'],
    ['a remark', '-j ACCEPT\n# so', '-j ACCEPT\n# so be it'],
  ])('nowhere after %s: what is said of the text is new', (_, was, is) => {
    const [old, now] = [was, is].map((to) => replaced('-A INPUT -i lo -j ACCEPT', `-A INPUT -i lo ${to}`));
    const run = new RuleEdits().begin(played(old!), now!, cache)!;
    expect(run.story().userSteps).toHaveLength(home.steps.length);
    expect(run.trace()).toEqual(played(now!).trace());
  });

  it('where a packet went at once for a header that is cut off: no event says which rules it came to', () => {
    const lab = (source: string): Lab => ({
      format: 'lab/1',
      name: 'cut off',
      hosts: {
        a: {
          interfaces: { eth0: { segment: 's', addresses: ['10.0.0.1/24'] } },
          iptables: `*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -i eth0\n-A INPUT -s ${source} -j ACCEPT\n-A INPUT -p ah -m ah --ahspi 1 -j ACCEPT\nCOMMIT\n`,
        },
      },
      steps: [
        { receive: { host: 'a', interface: 'eth0', packet: { src: '10.0.0.2', dst: '10.0.0.1', protocol: 51 } } },
        { wait: { seconds: 1 } },
      ],
    });
    const [before, after] = [played(lab('192.0.2.0/24')), lab('10.0.0.0/24')];
    expect(before.recorder.events).toContainEqual(expect.objectContaining({ type: 'function-leave', verdict: 'drop' }));
    const run = new RuleEdits().begin(before, after, cache)!;
    for (const _ of run.play());
    expect(run.trace()).toEqual(played(after).trace());
  });

  it('from no step of a run whose end is not known', () => {
    const edits = new RuleEdits();
    const before = played(home);
    const given = edits.begin(before, replaced('--dport 53 -j MARK', '--dport 54 -j MARK'), cache);
    expect(given?.story().userSteps).toHaveLength(2);
    // It was given up: the run before is what it was.
    const other = replaced('--dport 22 -j ACCEPT', '--dport 23 -j ACCEPT');
    const run = edits.begin(before, other, cache)!;
    for (const _ of run.play());
    expect(run.trace()).toEqual(played(other).trace());
  });
});
