import { expect, test } from 'vitest';
import { createEngine, type HostState } from '../../src/engine';
import type { EventOf } from '../../src/model';
import { askedRules, sourceCheck, whyChosen } from './lookup';

type RouteEvent = EventOf<'route'>;

const packet = (src: string, dst: string, more = {}) => ({
  receive: { host: 'r', interface: 'eth0', packet: { src, dst, ...more, udp: { sport: 1, dport: 2 } } },
});

/** The first lookup of the first step. */
function looked(host: object, step: object): { readonly event: RouteEvent; readonly state: HostState } {
  const engine = createEngine();
  const run = engine.load({
    format: 'lab/1',
    name: 'r',
    hosts: {
      r: {
        interfaces: {
          eth0: { segment: 'a', addresses: ['10.0.0.1/24', '2001:db8:a::1/64'] },
          eth1: { segment: 'b', addresses: ['10.0.1.1/24', '2001:db8:b::1/64'] },
        },
        sysctl: { 'net.ipv4.ip_forward': '1', 'net.ipv6.conf.all.forwarding': '1' },
        ...host,
      },
    },
    steps: [step],
  });
  const event = run.events.find((e) => e.type === 'route');
  const [state] = engine.stateAt(event?.id ?? -1).hosts;
  if (event?.type !== 'route' || state === undefined) throw new Error('no lookup');
  return { event, state };
}

const told = ({ event, state }: ReturnType<typeof looked>) =>
  askedRules(state.rules, event.considered, event.family).map((r) => `${r.priority} ${r.outcome}`);

test('local and main are looked at together; the longest prefix wins', () => {
  const at = looked(
    { routes: '10.9.0.0/16 via 10.0.1.9 dev eth1\n10.0.0.0/8 via 10.0.1.8 dev eth1\n' },
    packet('10.0.0.2', '10.9.1.1'),
  );
  expect(told(at)).toEqual(['0 no-route', '32766 chosen', '32767 not-asked']);
  expect(whyChosen(at.event.considered)).toBe('the longest prefix of those that fit');
  expect(told(looked({}, packet('10.0.0.2', '10.0.1.1')))[0]).toBe('0 chosen');
});

test('rules that are not for the packet, that have no route to it, and that decide', () => {
  const host = {
    rules: '100: from 10.7.0.0/16 lookup 100\n200: from 10.0.0.0/8 lookup 200\n300: from all fwmark 0x1 lookup 100\n',
    routes: 'default via 10.0.1.8 dev eth1\n10.5.0.0/16 via 10.0.1.9 dev eth1 table 200\n',
  };
  expect(told(looked(host, packet('10.0.0.2', '192.0.2.1')))).toEqual([
    '0 no-route',
    '100 not-for-it',
    '200 no-route',
    '300 not-for-it',
    '32766 chosen',
    '32767 not-asked',
  ]);
  expect(told(looked(host, packet('10.0.0.2', '10.5.0.1')))).toEqual([
    '0 no-route',
    '100 not-for-it',
    '200 chosen',
    '300 not-asked',
    '32766 not-asked',
    '32767 not-asked',
  ]);
  const prohibit = looked({ rules: '50: from 10.0.0.2 prohibit\n' }, packet('10.0.0.2', '192.0.2.1'));
  expect(told(prohibit).slice(0, 3)).toEqual(['0 no-route', '50 chosen', '32766 not-asked']);
});

test('IPv6 has rules of its own', () => {
  const at = looked({ routes6: 'default via 2001:db8:b::9 dev eth1\n' }, packet('2001:db8:a::2', '2001:db8:f::1'));
  expect(told(at)).toEqual(['0 no-route', '32766 chosen']);
  expect(whyChosen(at.event.considered)).toBe('nothing narrower fits, and it fits all');
});

test('the check of the source: strict, loose, off', () => {
  const host = (rp: string) => ({
    sysctl: { 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.all.rp_filter': rp },
    routes: '10.8.0.0/16 via 10.0.1.8 dev eth1\n',
  });
  const check = (rp: string, src: string) => sourceCheck(looked(host(rp), packet(src, '10.0.1.5')).event);
  expect(check('1', '10.8.0.1')).toMatchObject({
    ok: false,
    text: expect.stringContaining('leads out of eth1. rp_filter is 1 (strict)'),
  });
  expect(check('2', '10.8.0.1')).toMatchObject({ ok: true, text: expect.stringContaining('rp_filter is 2') });
  expect(check('2', '172.16.0.1')).toMatchObject({
    ok: false,
    text: expect.stringContaining('There is no way back to 172.16.0.1'),
  });
  expect(check('1', '10.0.0.2')).toMatchObject({ ok: true, text: expect.stringContaining('The packet came by it') });
  // With rp_filter off the kernel does not look.
  expect(check('0', '10.8.0.1')).toBeNull();
});
