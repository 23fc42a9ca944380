import type { Random } from '../random';
import { echo, icmpName, type Story, text } from './story';

/** UDP, and ICMP that asks and is answered. */

export function udp(r: Random, s: Story): void {
  const there = () => s.there({ udp: { sport: s.sport, dport: s.dport, ...text(r) } });
  const back = () => s.back({ udp: { sport: s.dport, dport: s.sport, ...text(r) } });
  there();
  for (let i = r.int(4); i > 0; i--) (r.chance(50) ? there : back)();
}

export function tftp(r: Random, s: Story): void {
  const request = `\0${r.pick(['\x01', '\x02', '\x03'])}file\0octet\0`;
  s.plain({ udp: { sport: s.sport, dport: 69, payload: request } });
  s.back({ udp: { sport: 6000, dport: s.sport, payload: '\0\x03\0\x01data' } });
  if (r.chance(50)) s.plain({ udp: { sport: s.sport, dport: 6000, payload: '\0\x04\0\x01' } });
}

export function ping(r: Random, s: Story): void {
  const id = 1 + r.int(3);
  const name = icmpName(s.family);
  const request = (seq: number) =>
    s.there({ [name]: { type: echo(s.family, true), code: r.chance(5) ? 1 : 0, id, seq, ...text(r) } });
  request(1);
  if (r.chance(45)) s.back({ [name]: { type: echo(s.family, false), code: 0, id, seq: 1 } });
  if (r.chance(35)) request(2);
}

/** Pairs of request and reply, some that are none. */
const QUERIES = {
  4: [
    [15, 16],
    [17, 18],
    [10, 9],
    [5, 4],
    [42, 43],
    [30, 31],
    [8, 0],
  ],
  6: [
    [128, 129],
    [139, 140],
    [144, 145],
    [160, 161],
    [138, 138],
    [200, 201],
    [101, 127],
  ],
} as const;

export function icmpQuery(r: Random, s: Story): void {
  const [request, reply] = r.pick<readonly [number, number]>(QUERIES[s.family]);
  const body = (type: number, id: number) => ({
    [icmpName(s.family)]: { type, code: 0, id, seq: 1, payload: 'aaaabbbbcccc' },
  });
  s.there(body(request, 5));
  if (r.chance(60)) s.back(body(reply, 5));
  if (r.chance(30)) s.back(body(reply, 6));
}
