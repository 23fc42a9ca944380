import { describe, expect, it } from 'vitest';
import { TestWorld } from '../host/test-world';
import type { EventBody } from '../model';
import { checksumOk, ipv4HeaderOk, latin1Bytes, latin1Text, makeUdp, parsePacket, payloadOf } from '../wire';
import { allExtensions } from '../xtables';
import { configureOwn, type OwnHook, type OwnQueue } from '.';
import { changePacket } from './change';

const UDP = makeUdp({ src: '127.0.0.1', dst: '127.0.0.1', sport: 4000, dport: 53, payload: latin1Bytes('x') });

function world(hooks: readonly OwnHook[], queues: readonly OwnQueue[] = []) {
  const all = new TestWorld();
  const host = all.host('h', {});
  const faults = configureOwn(host, hooks, queues, allExtensions).flatMap((f) => f.diagnostics);
  const send = (packet = UDP) => {
    const errno = host.send('1', packet);
    all.settle();
    return errno;
  };
  /** What was seen of the packet that was sent; the answers to it do not count. */
  const take = <T extends EventBody['type']>(type: T) => all.take(type).filter((e) => e.packet === '1');
  const ran = () => take('function-leave').map((e) => `${e.hook} ${e.name} ${e.skipped ?? e.verdict}`);
  return { all, host, faults, send, take, ran };
}

const hook = (more: Partial<OwnHook> = {}): OwnHook => ({
  name: 'mymod',
  hook: 'OUTPUT',
  priority: -150,
  verdict: 'drop',
  ...more,
});

describe('a hook function of its own', () => {
  it('acts on the packets that meet its condition, and lets others pass', () => {
    const some = world([hook({ match: '-p udp --dport 53' })]);
    expect(some.send()).toBe('EPERM');
    expect(some.ran()).toEqual(['OUTPUT mymod drop']);
    const none = world([hook({ match: '-p udp -m udp --dport 54' })]);
    expect(none.send()).toBeNull();
    expect(none.ran()).toEqual(['OUTPUT mymod no-match']);
  });

  it('stands at its priority; of equal ones the last runs first', () => {
    const { send, ran } = world([
      hook({ name: 'b', priority: 5, verdict: 'accept' }),
      hook({ name: 'c', priority: 5, verdict: 'accept' }),
      hook({ name: 'a', priority: -5, verdict: 'stolen', match: '-p tcp' }),
    ]);
    send();
    expect(ran()).toEqual(['OUTPUT a no-match', 'OUTPUT c accept', 'OUTPUT b accept']);
  });

  it('may keep a packet', () => {
    const { take, send } = world([hook({ verdict: 'stolen' })]);
    expect(send()).toBeNull();
    expect(take('drop')).toEqual([]);
    expect(take('hook-leave').map((e) => e.verdict)).toEqual(['stolen']);
  });

  it('may queue it: dropped without a program, unless it says bypass', () => {
    const lost = world([hook({ verdict: { queue: 3 } })]);
    expect(lost.send()).toBeNull();
    expect(lost.take('queue')).toMatchObject([{ queue: 3, answer: 'nobody listens' }]);
    expect(lost.take('drop')).toHaveLength(1);
    const passed = world([hook({ verdict: { queue: 3, bypass: true } })]);
    passed.send();
    expect(passed.take('queue')).toMatchObject([{ queue: 3, answer: 'bypass' }]);
    expect(passed.all.hooks()).toContain('h INPUT lo> 1');
  });

  it('turns connection tracking on if its condition asks for it', () => {
    const { host, send } = world([hook({ match: '-m conntrack --ctstate NEW', priority: 0 })]);
    expect(host.hooks.at('ip', 'OUTPUT').map((o) => o.name)).toEqual(['defrag', 'conntrack', 'mymod']);
    expect(host.hooks.at('ip6', 'OUTPUT')).toEqual([]);
    expect(send()).toBe('EPERM');
  });

  it('keeps what its match keeps', () => {
    const { send } = world([hook({ match: '-m quota --quota 60' })]);
    expect([send(), send(), send()]).toEqual(['EPERM', 'EPERM', null]);
  });

  it.each([
    ['-p tcp --dprt 80', 'mymod: unknown option "--dprt"'],
    ['-p udp -j ACCEPT', 'mymod: multiple -j flags not allowed'],
    ['-m nosuch', 'mymod: '],
    ['-A OUTPUT', 'mymod: '],
    ['-t nat', 'mymod: '],
    ['-m physdev --physdev-out eth0', 'mymod: '],
  ])('is left out with a condition that is none: %s', (match, message) => {
    const { host, faults } = world([hook({ match }), hook({ name: 'other', hook: 'INPUT' })]);
    expect(faults).toHaveLength(1);
    expect(faults[0]!.message.startsWith(message), faults[0]!.message).toBe(true);
    expect(faults[0]!.line).toBe(1);
    expect(host.hooks.at('ip', 'OUTPUT')).toEqual([]);
    expect(host.hooks.at('ip', 'INPUT')).toHaveLength(1);
  });

  it('says where in the condition the mistake is', () => {
    const { faults } = world([hook({ match: '-p tcp --dport eighty' })]);
    expect('-p tcp --dport eighty'.slice(faults[0]!.column - 1, faults[0]!.endColumn - 1)).toContain('eighty');
  });
});

describe('a program behind a queue', () => {
  const QUEUE = hook({ verdict: { queue: 1 } });
  const answers = ({ take }: ReturnType<typeof world>) => take('queue').map((e) => `${e.answer} ${e.rule}`);

  it('answers by its first rule that matches, else as it says', () => {
    const first = world([QUEUE], [{ number: 1, rules: [{ match: '-p tcp', verdict: 'drop' }, { verdict: 'accept' }] }]);
    first.send();
    expect(answers(first)).toEqual(['accept 2']);
    expect(first.all.hooks()).toContain('h INPUT lo> 1');
    const none = world([QUEUE], [{ number: 1, rules: [{ match: '-p tcp', verdict: 'drop' }], otherwise: 'drop' }]);
    expect(none.send()).toBeNull();
    expect(answers(none)).toEqual(['drop 0']);
    expect(none.take('drop')).toHaveLength(1);
  });

  it('repeats: the function runs again, with the mark that was set', () => {
    const rules = [{ match: '-m mark --mark 0', verdict: 'repeat', mark: 7 }] as const;
    const again = world([QUEUE, hook({ name: 'after', priority: 0, verdict: 'accept' })], [{ number: 1, rules }]);
    again.send();
    expect(answers(again)).toEqual(['repeat 1', 'accept 0']);
    expect(again.ran()).toEqual(['OUTPUT mymod queue', 'OUTPUT mymod queue', 'OUTPUT after accept']);
    const other = world([hook({ verdict: { queue: 1 }, match: '-m mark --mark 0' })], [{ number: 1, rules }]);
    other.send();
    expect(other.ran()).toEqual(['OUTPUT mymod queue', 'OUTPUT mymod no-match']);
  });

  it('hands on to another queue', () => {
    const on = { number: 1, rules: [{ verdict: { queue: 2 } }] };
    const known = world([QUEUE], [on, { number: 2, otherwise: 'drop' }]);
    known.send();
    expect(known.take('queue').map((e) => `${e.queue} ${e.answer} ${e.to ?? ''}`)).toEqual(['1 queue 2', '2 drop ']);
    const unknown = world([QUEUE], [on]);
    unknown.send();
    expect(unknown.take('queue').at(-1)).toMatchObject({ queue: 2, answer: 'nobody listens' });
  });

  it('sends back a changed packet, which goes on from the next function', () => {
    const set = { dst: '127.0.0.2', dport: 5353, ttl: 9, payload: 'hello' };
    const { take, send, ran } = world(
      [QUEUE, hook({ name: 'after', priority: 0, match: '-d 127.0.0.2 -p udp --dport 5353', verdict: 'drop' })],
      [{ number: 1, name: 'changer', rules: [{ verdict: 'accept', set }] }],
    );
    send();
    expect(ran()).toEqual(['OUTPUT mymod queue', 'OUTPUT after drop']);
    expect(take('queue')).toMatchObject([{ program: 'changer', changed: true }]);
    expect(take('change').map((e) => `${e.field} ${e.before} ${e.after} ${e.by}`)).toEqual([
      'dst 127.0.0.1 127.0.0.2 changer',
      'dport 53 5353 changer',
      'ttl 64 9 changer',
      'payload x hello changer',
    ]);
    expect(take('route').at(-1)).toMatchObject({ kind: 'reroute', dst: '127.0.0.2' });
  });

  it('takes a condition that fits one family for that family, and names one that fits none', () => {
    const rules = [
      { match: '-s 10.0.0.1', verdict: 'drop' },
      { match: '-s fd00::1', verdict: 'drop' },
      { match: '-s nowhere', verdict: 'drop' },
      { match: '-p udp', verdict: 'accept' },
    ] as const;
    const { take, faults, send } = world([QUEUE], [{ number: 1, rules }]);
    expect(faults.map((f) => `${f.line} ${f.message.slice(0, 8)}`)).toEqual(['1 rule 3: ']);
    send();
    expect(take('queue').map((e) => e.answer)).toEqual(['accept']);
  });
});

describe('changePacket', () => {
  it('leaves right checksums and lengths', () => {
    const set = { src: '10.9.8.7', dst: '10.0.0.77', sport: 1, dport: 2, ttl: 3, tos: 16, payload: 'a longer one' };
    const { packet, changes } = changePacket(UDP, set, 'p');
    const read = parsePacket(packet.bytes);
    expect(read).toMatchObject({ src: '10.9.8.7', dst: '10.0.0.77', ttl: 3, tos: 16, udp: { sport: 1, dport: 2 } });
    expect(latin1Text(payloadOf(read))).toBe('a longer one');
    expect([ipv4HeaderOk(read.bytes, 20), checksumOk(read)]).toEqual([true, true]);
    expect(changes).toHaveLength(7);
  });

  it('sets nothing that the packet does not have, or has already', () => {
    expect(changePacket(UDP, { src: 'fd00::1', dport: 53, ttl: 64 }, 'p')).toEqual({ packet: UDP, changes: [] });
  });
});
