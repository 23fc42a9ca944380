import { describe, expect, it } from 'vitest';
import { cloneState, SECOND } from '../../base';
import { buildPacket, fragmentPacket, type LabPacket, parsePacket } from '../../wire';
import { newSkb, TestBed, tableText } from '../test-bed';

const tcp = (dport: number, more: Partial<LabPacket> = {}): LabPacket => ({
  src: '10.0.0.1',
  dst: '192.0.2.1',
  tcp: { sport: 40000, dport, flags: 'S' },
  ...more,
});

describe('a walk', () => {
  const chains = tableText(
    'filter',
    ':WEB',
    ':LOGGED',
    'INPUT -p udp -j DROP',
    'INPUT -p tcp -j WEB',
    'INPUT -p tcp -m tcp --dport 9 -j ACCEPT',
    'WEB -p tcp -m tcp --dport 80 -g LOGGED',
    'WEB -p tcp -m tcp --dport 443 -j RETURN',
    'WEB -p tcp -m tcp --dport 22 -j DROP',
    'LOGGED -p tcp',
    'LOGGED -s 10.9.9.9/32 -j DROP',
  );

  it('goes into chains and comes back at their end', () => {
    const bed = new TestBed(chains);
    expect(bed.pass(tcp(9))).toBe('accept');
    expect(bed.walk()).toEqual(['INPUT 1-2 2 jump', 'WEB 1-4 return return', 'INPUT 3-3 3 accept']);
  });

  it('comes back from a chain that was gone to to where its caller was called', () => {
    const bed = new TestBed(chains);
    expect(bed.pass(tcp(80))).toBe('accept');
    expect(bed.walk()).toEqual([
      'INPUT 1-2 2 jump',
      'WEB 1-1 1 goto',
      'LOGGED 1-1 1 continue',
      'LOGGED 2-3 return return',
      'INPUT 3-4 policy accept',
    ]);
  });

  it('returns early, and ends where a rule says so', () => {
    const bed = new TestBed(chains);
    bed.pass(tcp(443));
    expect(bed.walk()).toEqual(['INPUT 1-2 2 jump', 'WEB 1-2 2 return', 'INPUT 3-4 policy accept']);
    expect(bed.pass(tcp(22))).toBe('drop');
    expect(bed.walk()).toEqual(['INPUT 1-2 2 jump', 'WEB 1-3 3 drop']);
  });

  it('ends at the policy after RETURN in a built-in chain, and after a goto from there', () => {
    const bed = new TestBed('*filter\n:INPUT DROP\n:A -\n-A INPUT -s 10.0.0.1 -j RETURN\n-A INPUT -g A\nCOMMIT\n');
    expect(bed.pass(tcp(1))).toBe('drop');
    expect(bed.walk()).toEqual(['INPUT 1-1 1 return', 'INPUT 3-3 policy drop']);
    expect(bed.pass(tcp(1, { src: '10.0.0.2' }))).toBe('drop');
    expect(bed.walk()).toEqual(['INPUT 1-2 2 goto', 'A 1-1 return return', 'INPUT 3-3 policy drop']);
  });

  it('says how deep it is', () => {
    const bed = new TestBed(chains);
    bed.pass(tcp(9));
    expect(bed.events.map((event) => (event.type === 'rule' ? event.depth : null))).toEqual([0, 1, 0]);
  });

  it('accepts where there is no table', () => {
    const bed = new TestBed(chains);
    expect(bed.pass(tcp(22), { table: 'mangle' })).toBe('accept');
    expect(bed.events).toEqual([]);
  });

  it('counts every rule that matched, and the policy, by packets and bytes of the IP packet', () => {
    const bed = new TestBed(chains);
    bed.pass(tcp(9));
    bed.pass({ src: '10.0.0.1', dst: '192.0.2.1', udp: { sport: 1, dport: 2, payload: 'xx' } });
    bed.pass(tcp(1));
    expect(bed.counters('filter', 'INPUT')).toEqual([
      [1, 30],
      [2, 80],
      [1, 40],
      [1, 40],
    ]);
  });

  it('hands over to a program with QUEUE', () => {
    const bed = new TestBed(tableText('filter', 'INPUT -j QUEUE'));
    expect(bed.pass(tcp(1))).toEqual({ verdict: 'queue', queue: 0, bypass: false });
  });

  it('keeps what it counted to itself when the tables are copied', () => {
    const bed = new TestBed(chains);
    const before = cloneState(bed.tables);
    bed.pass(tcp(9));
    expect(before.get('filter')!.packets.every((count) => count === 0)).toBe(true);
    expect(before.get('filter')!.ruleset.chain('WEB')!.rules[0]).toBe(
      bed.tables.get('filter')!.ruleset.chain('WEB')!.rules[0],
    );
  });
});

describe('what every rule tests', () => {
  const hits = (rule: string, lab: LabPacket, iif = 'eth0'): boolean => {
    const bed = new TestBed(tableText('filter', `INPUT ${rule} -j DROP`));
    return bed.pass(lab, { in: iif }) === 'drop';
  };

  it.each([
    ['-s 10.0.0.0/24', true],
    ['! -s 10.0.0.0/24', false],
    ['-s 10.0.0.0/255.0.0.255', false],
    ['-d 192.0.2.1', true],
    ['-p tcp', true],
    ['! -p tcp', false],
    ['! -p udp', true],
    ['-i eth0', true],
    ['-i eth+', true],
    ['! -i eth+', false],
    ['-i eth', false],
    ['-f', false],
    ['! -f', true],
  ])('%s', (rule, expected) => {
    expect(hits(rule, tcp(80))).toBe(expected);
  });

  it('sees ports only in the first fragment', () => {
    const bed = new TestBed(
      tableText('filter', 'INPUT -p tcp -m tcp --dport 80 -j DROP', 'INPUT -f -j DROP', 'INPUT -p tcp -j ACCEPT'),
    );
    const whole = buildPacket(tcp(80, { tcp: { sport: 1, dport: 80, payload: { repeat: 'x', count: 400 } } }));
    const [first, second] = fragmentPacket(whole, 256);
    bed.passSkb(newSkb(first!));
    expect(bed.hits()).toEqual([1]);
    bed.passSkb(newSkb(second!));
    expect(bed.hits()).toEqual([2]);
  });

  it('drops a packet at once whose TCP header is cut off, without a word', () => {
    const bed = new TestBed(tableText('filter', 'INPUT -p tcp -m tcp --dport 80 -j ACCEPT'));
    const whole = buildPacket(tcp(80)).bytes.slice(0, 30);
    whole[3] = 30;
    whole.set([0, 0], 10);
    let sum = 0;
    for (let i = 0; i < 20; i += 2) sum += (whole[i]! << 8) | whole[i + 1]!;
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    whole.set([(~sum >> 8) & 255, ~sum & 255], 10);
    const packet = parsePacket(whole);
    expect(packet.headerError).toBeNull();
    expect(bed.passSkb(newSkb(packet))).toBe('drop');
    expect(bed.walk()).toEqual([]);
  });
});

describe('what is not modelled', () => {
  // The program returns the hash that the network card made of the packet.
  const hash = '-m bpf --bytecode "2,32 0 0 4294963232,22 0 0 0"';
  const rules = tableText(
    'filter',
    `INPUT -p tcp -m tcp --dport 80 ${hash} -j DROP`,
    `INPUT ${hash} -p tcp -m tcp --dport 80 -j DROP`,
    'INPUT -j ACCEPT',
  );

  it('counts as not met, and the packet is uncertain from there on', () => {
    const bed = new TestBed(rules);
    const skb = newSkb(buildPacket(tcp(80)));
    expect(bed.passSkb(skb)).toBe('accept');
    expect(skb.uncertain).toBe(true);
    expect(bed.events.filter(({ type }) => type === 'not-modelled')).toEqual([
      { type: 'not-modelled', what: '-m bpf' },
      { type: 'not-modelled', what: '-m bpf' },
    ]);
  });

  it('does not matter where the rule fails for another reason', () => {
    const bed = new TestBed(rules);
    const skb = newSkb(buildPacket(tcp(81)));
    bed.passSkb(skb);
    expect(skb.uncertain).toBe(false);
  });
});

describe('what was tried', () => {
  it('names each criterion, whether it was met, and why not', () => {
    const bed = new TestBed(
      tableText('filter', 'INPUT -s 10.0.0.0/8 -i eth1 -p tcp -m tcp --dport 443 -j DROP', 'INPUT -p tcp -j ACCEPT'),
    );
    bed.explain(tcp(80));
    expect(bed.tried.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'failed'],
      [2, 'matched'],
    ]);
    expect(bed.tried[0]!.criteria).toEqual([
      { text: '-s 10.0.0.0/8', outcome: 'yes', because: 'the source address is 10.0.0.1' },
      { text: '-i eth1', outcome: 'no', because: 'the input interface is eth0' },
      { text: '-p tcp', outcome: 'yes', because: 'the protocol is tcp' },
      { text: '-m tcp --dport 443', outcome: 'not-tested', because: '' },
    ]);
    bed.explain(tcp(80), { in: 'eth1' });
    expect(bed.tried[0]!.criteria[3]).toEqual({
      text: '--dport 443',
      outcome: 'no',
      because: 'the destination port is 80',
    });
  });

  it.each([
    ['--hashlimit-upto 512b/s', '480 bytes are left for it'],
    ['--hashlimit-upto 1/hour --hashlimit-burst 2', '1 packet is left for it'],
    ['--hashlimit-upto 9/sec --hashlimit-rate-match', 'in this window of 1 s, packets: 1'],
  ])('says what hashlimit %s has left', (options, because) => {
    const bed = new TestBed(tableText('filter', `INPUT -m hashlimit ${options} --hashlimit-name h`));
    bed.explain(tcp(80));
    expect(bed.tried[0]!.criteria[0]!.because).toBe(because);
  });

  it('leaves no trace in the tables', () => {
    const bed = new TestBed(tableText('filter', 'INPUT -m limit --limit 1/min --limit-burst 1 -j ACCEPT'));
    bed.explain(tcp(80));
    expect(bed.counters('filter', 'INPUT')[0]).toEqual([0, 0]);
    bed.pass(tcp(80));
    expect(bed.hits()).toEqual([1]);
  });
});

describe('matches that remember', () => {
  const passes = (bed: TestBed, count: number, lab = tcp(80)): number => {
    let taken = 0;
    for (let i = 0; i < count; i++) taken += Number(bed.pass(lab) === 'drop');
    return taken;
  };

  it('limit: a burst, then the rate', () => {
    const bed = new TestBed(tableText('filter', 'INPUT -m limit --limit 2/sec --limit-burst 3 -j DROP'));
    expect(passes(bed, 10)).toBe(3);
    bed.clock = 0.4 * SECOND;
    expect(passes(bed, 5)).toBe(0);
    bed.clock = 0.5 * SECOND;
    expect(passes(bed, 5)).toBe(1);
    bed.clock = 60 * SECOND;
    expect(passes(bed, 10)).toBe(3);
  });

  it('statistic: every n-th, and at random from the seed', () => {
    const nth = new TestBed(tableText('filter', 'INPUT -m statistic --mode nth --every 3 --packet 1 -j DROP'));
    expect([0, 1, 2, 3, 4, 5].map(() => passes(nth, 1))).toEqual([0, 1, 0, 0, 1, 0]);
    const text = tableText('filter', 'INPUT -m statistic --mode random --probability 0.3 -j DROP');
    const [a, b] = [new TestBed(text), new TestBed(text)];
    const taken = passes(a, 1000);
    expect(taken).toBeGreaterThan(250);
    expect(taken).toBeLessThan(350);
    expect(passes(b, 1000)).toBe(taken);
  });

  it('quota: until the bytes are used up, and then never again', () => {
    const bed = new TestBed(tableText('filter', 'INPUT -m quota --quota 100 -j DROP'));
    expect(passes(bed, 5)).toBe(2);
    expect(passes(bed, 1, { src: '10.0.0.1', dst: '10.0.0.2', protocol: 200 })).toBe(0);
  });

  it('recent: the fourth within a minute', () => {
    const bed = new TestBed(
      tableText(
        'filter',
        'INPUT -m recent --update --seconds 60 --hitcount 4 --name ssh -j DROP',
        'INPUT -m recent --set --name ssh -j ACCEPT',
      ),
    );
    expect([0, 1, 2, 3, 4, 5].map(() => passes(bed, 1))).toEqual([0, 0, 0, 0, 1, 1]);
    expect(passes(bed, 1, tcp(80, { src: '10.0.0.2' }))).toBe(0);
    bed.clock = 200 * SECOND;
    expect(passes(bed, 1)).toBe(0);
  });

  it('hashlimit: a limit of its own for each source', () => {
    const bed = new TestBed(
      tableText(
        'filter',
        'INPUT -m hashlimit --hashlimit-upto 2/sec --hashlimit-burst 2 --hashlimit-mode srcip --hashlimit-name h -j DROP',
      ),
    );
    expect(passes(bed, 5)).toBe(2);
    expect(passes(bed, 5, tcp(80, { src: '10.0.0.2' }))).toBe(2);
    bed.clock = 0.5 * SECOND;
    expect(passes(bed, 5)).toBe(1);
  });
});

describe('targets', () => {
  it('change marks, and say so', () => {
    const bed = new TestBed(tableText('mangle', 'PREROUTING -j MARK --set-xmark 0x10/0xf0'));
    const skb = newSkb(buildPacket(tcp(80)), { mark: 0x2f });
    expect(bed.passSkb(skb, { table: 'mangle', hook: 'PREROUTING' })).toBe('accept');
    expect(skb.mark).toBe(0x1f);
    expect(bed.events).toContainEqual({ type: 'change', field: 'mark', before: 0x2f, after: 0x1f, by: 'MARK' });
  });

  it('change the packet, which later rules then see', () => {
    const bed = new TestBed(
      tableText('mangle', 'PREROUTING -j TTL --ttl-set 5', 'PREROUTING -m ttl --ttl-eq 5 -j ACCEPT'),
    );
    const skb = newSkb(buildPacket(tcp(80)));
    bed.passSkb(skb, { table: 'mangle', hook: 'PREROUTING' });
    expect(bed.hits()).toEqual([1, 2]);
    expect(skb.packet.ttl).toBe(5);
    expect(skb.packet.headerError).toBeNull();
  });
});
