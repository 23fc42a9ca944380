import { describe, expect, it } from 'vitest';
import { parseLab } from './parse-lab';

const good = {
  format: 'lab/1',
  name: 'x',
  hosts: {
    router: {
      interfaces: { eth0: { segment: 'lan', addresses: ['10.0.0.1/24'] }, br0: { kind: 'bridge' } },
      listen: [{ protocol: 'tcp', port: 80 }],
      sysctl: { 'net.ipv4.ip_forward': '1' },
    },
  },
  steps: [
    { send: { host: 'router', packet: { src: '10.0.0.1', dst: '10.0.0.2', udp: { sport: 1, dport: 2 } } } },
    { wait: { seconds: 2 } },
  ],
};

/** The good lab as text, with one place changed. */
function edited(from: string, to: string): string {
  const text = JSON.stringify(good, null, 2);
  expect(text).toContain(from);
  return text.replace(from, to);
}

function faults(source: unknown) {
  const result = parseLab(source);
  if (result.ok) throw new Error('this lab should not be taken');
  return result.diagnostics.map((d) => ({
    at: `${d.line}:${d.column}-${d.endColumn}`,
    code: d.code,
    message: d.message,
    fix: d.suggestion?.replacement,
  }));
}

describe('parseLab', () => {
  it('takes a good lab, as text and as value', () => {
    expect(parseLab(JSON.stringify(good)).ok).toBe(true);
    expect(parseLab(good).ok).toBe(true);
  });

  it('takes a lab without steps', () => {
    const { steps: _, ...rest } = good;
    const result = parseLab(rest);
    expect(result.ok && result.value.steps).toEqual([]);
  });

  const text = JSON.stringify(good, null, 2);
  const line = (needle: string) => text.slice(0, text.indexOf(needle)).split('\n').length;

  it.each([
    ['empty text', '', '1:1', 'json', /empty/, undefined],
    ['cut off', text.slice(0, -2), '1:1', 'json', /"{" is never closed/, undefined],
    [
      'trailing comma',
      edited('"port": 80', '"port": 80,'),
      `${line('"port": 80')}:21`,
      'json',
      /comma after the last/,
      '',
    ],
    [
      'missing comma',
      edited('"name": "x",', '"name": "x"'),
      `${line('"name"')}:14`,
      'json',
      /A comma or "}" is missing/,
      ',',
    ],
    ['comment', `// hello\n${text}`, '1:1', 'json', /no comments/, undefined],
    ['bare word', edited('"lab/1"', 'lab'), '2:13', 'json', /double quotes/, '"lab"'],
    ['bare key', edited('"name"', 'name'), '3:3', 'json', /double quotes/, '"name"'],
    ['bad escape', edited('"x"', '"\\x"'), '3:12', 'json', /no JSON escape/, undefined],
    ['a list', '[]', '1:1', 'lab-shape', /a lab is a JSON object/, undefined],
    ['other format', edited('lab/1', 'lab/2'), '2:13', 'lab-format', /not "lab\/2"/, undefined],
    ['a recording', '{"format": "recording/1"}', '1:12', 'lab-format', /recording, not a lab/, undefined],
    [
      'misspelt member',
      edited('"hosts"', '"hots"'),
      '4:3',
      'unknown-member',
      /"hots".*did you mean "hosts"/,
      '"hosts"',
    ],
    [
      'misspelt deep member',
      edited('"segment"', '"sement"'),
      '8:11',
      'unknown-member',
      /did you mean "segment"/,
      '"segment"',
    ],
    ['missing member', edited('"name": "x",', ''), '1:1', 'missing-member', /"name" is missing/, undefined],
    [
      'unknown step',
      edited('"wait"', '"wiat"'),
      `${line('"wait"')}:7`,
      'unknown-step',
      /did you mean "wait"/,
      '"wait"',
    ],
    [
      'wrong type',
      edited('"seconds": 2', '"seconds": "2"'),
      `${line('"seconds"')}:20`,
      'lab-type',
      /a number of seconds.*not "2"/,
      undefined,
    ],
    [
      'port too large',
      edited('"dport": 2', '"dport": 70000'),
      `${line('"dport"')}:22`,
      'lab-type',
      /0 to 65535, not 70000/,
      undefined,
    ],
    [
      'bad address',
      edited('"10.0.0.2"', '"10.0.0.256"'),
      `${line('"10.0.0.2"')}:18`,
      'lab-type',
      /IPv4 or IPv6.*"10.0.0.256"/,
      undefined,
    ],
    ['mixed families', edited('"10.0.0.2"', '"2001:db8::1"'), `${line('"packet"')}:19`, 'lab-type', /both/, undefined],
    [
      'unknown host',
      edited('"host": "router"', '"host": "ruter"'),
      `${line('"host"')}:17`,
      'unknown-name',
      /did you mean "router"/,
      '"router"',
    ],
    [
      'two transports',
      edited('"udp": {', '"protocol": 1, "udp": {'),
      `${line('"packet"')}:19`,
      'lab-type',
      /exactly one/,
      undefined,
    ],
    ['no segment', edited('"segment": "lan",', ''), '7:17', 'lab-type', /needs a "segment"/, undefined],
  ])('%s', (_, source, at, code, message, fix) => {
    const found = faults(source);
    expect(found).toContainEqual(expect.objectContaining({ code, fix, message: expect.stringMatching(message) }));
    expect(found.map((f) => f.at.split('-')[0])).toContain(at);
  });

  it('tells of several mistakes at once', () => {
    const bad = edited('"protocol": "tcp"', '"protocol": "tpc"').replace('"seconds": 2', '"secnds": 2');
    expect(faults(bad).map((f) => f.code)).toEqual(['lab-type', 'unknown-member']);
  });

  it('names the place when there is no text', () => {
    expect(faults({ ...good, steps: [{ wait: { seconds: -1 } }] })[0]!.message).toMatch(/^steps\[0\]\.wait\.seconds: /);
  });
});

describe('hook functions and queue programs of a host', () => {
  const hook = { name: 'mymod', hook: 'PREROUTING', priority: -150, match: '-p tcp --dport 80', verdict: 'drop' };
  const withHost = (more: object) => ({ ...good, hosts: { router: { ...good.hosts.router, ...more } } });

  it('are taken', () => {
    const hooks = [
      hook,
      { ...hook, family: 'ip6' },
      { ...hook, name: 'b', match: '', verdict: { queue: 1, bypass: true } },
      { name: 'c', hook: 'INPUT', priority: 2147483647, verdict: 'stolen' },
    ];
    const set = { src: '10.0.0.9', dst: 'fd00::1', sport: 1, dport: 2, ttl: 3, tos: 4, payload: 'x' };
    const queues = [
      { number: 0 },
      {
        number: 1,
        name: 'p',
        rules: [
          { verdict: 'repeat', mark: 1 },
          { match: '-p tcp', verdict: 'accept', set },
        ],
      },
      { number: 2, rules: [{ verdict: { queue: 1 } }], otherwise: 'drop' },
    ];
    expect(parseLab(withHost({ hooks, queues })).ok).toBe(true);
  });

  it.each([
    [{ hooks: [{ ...hook, name: 'conntrack' }] }, 'hosts.router.hooks[0].name: the kernel has a function of this name'],
    [{ hooks: [{ ...hook, name: 'my mod' }] }, 'hosts.router.hooks[0].name: the name of a function has 1 to 40'],
    [
      { hooks: [{ ...hook, hook: 'INGRESS' }] },
      'hosts.router.hooks[0].hook: one of PREROUTING, INPUT, FORWARD, OUTPUT,',
    ],
    [
      { hooks: [{ ...hook, priority: 1.5 }] },
      'hosts.router.hooks[0].priority: a priority is a whole number from -2147',
    ],
    [{ hooks: [{ ...hook, match: '-p tcp\n-A X' }] }, 'hosts.router.hooks[0].match: a condition is one line, as in ip'],
    [{ hooks: [{ ...hook, verdict: 'repeat' }] }, 'hosts.router.hooks[0].verdict: "accept", "drop", "stolen" or { "qu'],
    [{ hooks: [{ ...hook, verdict: { queue: -1 } }] }, 'hosts.router.hooks[0].verdict.queue: the number of a queue is'],
    [{ hooks: [{ ...hook, priorty: 1 }] }, '"priorty" is not a member of "hooks"; did you mean "priority"?'],
    [{ hooks: [hook, hook] }, 'hosts.router.hooks[1].name: there is a function of this name at this hook already'],
    [{ queues: [{ number: 1 }, { number: 1 }] }, 'hosts.router.queues[1].number: there is a program behind this queue'],
    [{ queues: [{ number: 1, rules: [{ verdict: 'stolen' }] }] }, 'hosts.router.queues[0].rules[0].verdict: "accept",'],
    [{ queues: [{ number: 1, rules: [{ verdict: 'drop', set: { mark: 1 } }] }] }, '"mark" is not a member of "set"'],
    [{ queues: [{ number: 1, otherwise: 'repeat' }] }, 'hosts.router.queues[0].otherwise: "accept" or "drop" is want'],
  ])('are told what is wrong with them: %#', (more, message) => {
    const found = faults(withHost(more));
    expect(found.map((f) => f.message).join()).toContain(message);
    expect(found).toHaveLength(1);
  });
});
