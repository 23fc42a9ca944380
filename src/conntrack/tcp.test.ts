import { describe, expect, it } from 'vitest';
import type { LabPacket } from '../wire';
import { segment, TestBed } from './test-bed';

interface Scenario {
  readonly name: string;
  readonly sysctls?: Readonly<Record<string, number>>;
  /** Each packet, with what it tells and as what it passes. */
  readonly steps: readonly (readonly [LabPacket, told: string, state: string])[];
}

const S = segment;
/** SYN, SYN+ACK, ACK with client seq 1000 and server seq 9000. */
const HANDSHAKE = [
  [S('c', 'S', 1000), 'NEW SYN_SENT UNREPLIED', 'NEW'],
  [S('s', 'SA', 9000, 1001), 'UPDATE SYN_RECV', 'ESTABLISHED'],
  [S('c', 'A', 1001, 9001), 'UPDATE ESTABLISHED ASSURED', 'ESTABLISHED'],
] as const;

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a whole life',
    steps: [
      ...HANDSHAKE,
      [S('c', 'PA', 1001, 9001, { payload: 'GET /' }), '', 'ESTABLISHED'],
      [S('s', 'A', 9001, 1006), '', 'ESTABLISHED'],
      [S('c', 'FA', 1006, 9001), 'UPDATE FIN_WAIT ASSURED', 'ESTABLISHED'],
      [S('s', 'A', 9001, 1007), 'UPDATE CLOSE_WAIT ASSURED', 'ESTABLISHED'],
      [S('s', 'FA', 9001, 1007), 'UPDATE LAST_ACK ASSURED', 'ESTABLISHED'],
      [S('c', 'A', 1007, 9002), 'UPDATE TIME_WAIT ASSURED', 'ESTABLISHED'],
      [S('c', 'S', 5000), 'DESTROY TIME_WAIT ASSURED|NEW SYN_SENT UNREPLIED', 'NEW'],
    ],
  },
  {
    name: 'a closed port: the only reply is a RST',
    steps: [
      [S('c', 'S', 1000), 'NEW SYN_SENT UNREPLIED', 'NEW'],
      [S('s', 'RA', 0, 1001), 'DESTROY CLOSE UNREPLIED', 'ESTABLISHED'],
    ],
  },
  {
    name: 'a RST with a number that is not the expected one leaves ESTABLISHED (RFC 5961)',
    steps: [
      ...HANDSHAKE,
      [S('s', 'A', 9001, 1001), '', 'ESTABLISHED'],
      [S('c', 'R', 1100), '', 'ESTABLISHED'],
      [S('c', 'R', 900), '', 'INVALID'],
      [S('c', 'R', 1001), 'UPDATE CLOSE ASSURED', 'ESTABLISHED'],
    ],
  },
  {
    name: 'simultaneous open',
    steps: [
      [S('c', 'S', 1000), 'NEW SYN_SENT UNREPLIED', 'NEW'],
      [S('s', 'S', 9000), 'UPDATE SYN_SENT2', 'ESTABLISHED'],
      [S('c', 'SA', 1000, 9001), 'UPDATE SYN_RECV', 'ESTABLISHED'],
      [S('s', 'A', 9001, 1001), 'UPDATE ESTABLISHED ASSURED', 'ESTABLISHED'],
    ],
  },
  {
    name: 'picked up in the middle',
    steps: [
      [S('c', 'A', 1000, 9000), 'NEW ESTABLISHED UNREPLIED', 'NEW'],
      [S('s', 'A', 9000, 1000), 'UPDATE', 'ESTABLISHED'],
      [S('c', 'A', 1000, 9000), 'UPDATE ASSURED', 'ESTABLISHED'],
    ],
  },
  {
    name: 'not picked up with tcp_loose 0',
    sysctls: { tcp_loose: 0 },
    steps: [[S('c', 'A', 1000, 9000), '', 'INVALID']],
  },
  {
    name: 'beyond the window',
    steps: [
      ...HANDSHAKE,
      [S('c', 'A', 1001 + 200_000, 9001, { payload: 'x' }), '', 'INVALID'],
      [S('s', 'A', 9001, 5000), '', 'INVALID'],
      [S('c', 'A', 1001, 9001, { payload: 'x' }), '', 'ESTABLISHED'],
    ],
  },
  {
    name: 'more than the window allows, but no more than the receiver once allowed: it passes, and may be acknowledged',
    steps: [
      ...HANDSHAKE,
      [S('c', 'A', 1001 + 70_000, 9001, { payload: 'x' }), '', 'ESTABLISHED'],
      [S('s', 'A', 9001, 1001 + 70_001), '', 'ESTABLISHED'],
    ],
  },
  {
    name: 'beyond the window, liberal',
    sysctls: { tcp_be_liberal: 1 },
    steps: [...HANDSHAKE, [S('c', 'A', 1001 + 200_000, 9001, { payload: 'x' }), '', 'ESTABLISHED']],
  },
  {
    name: 'a SYN that we ignore, and the SYN+ACK that puts us in step again',
    steps: [
      ...HANDSHAKE,
      [S('c', 'S', 70000), '', 'ESTABLISHED'],
      [S('s', 'SA', 80000, 70001), 'UPDATE SYN_RECV ASSURED', 'ESTABLISHED'],
      [S('c', 'A', 70001, 80001), 'UPDATE ESTABLISHED ASSURED', 'ESTABLISHED'],
    ],
  },
  {
    name: 'a RST from the side that sent the ignored SYN is no answer to it',
    steps: [...HANDSHAKE, [S('c', 'S', 70000), '', 'ESTABLISHED'], [S('c', 'RA', 555555, 70001), '', 'INVALID']],
  },
  {
    name: 'a RST that answers the ignored SYN ends the flow',
    steps: [
      ...HANDSHAKE,
      [S('c', 'S', 70000), '', 'ESTABLISHED'],
      [S('s', 'RA', 555555, 70001), 'UPDATE CLOSE ASSURED', 'ESTABLISHED'],
    ],
  },
  {
    name: 'flags that do not go together, and a start that is none',
    steps: [
      [S('c', 'SF', 1000), '', 'INVALID'],
      [S('c', '', 1000), '', 'INVALID'],
      [S('c', 'SA', 1000, 1), '', 'INVALID'],
      [S('c', 'FA', 1000, 1), '', 'INVALID'],
      [S('c', 'R', 1000), '', 'INVALID'],
    ],
  },
  {
    name: 'a SYN that comes again',
    steps: [
      [S('c', 'S', 1000), 'NEW SYN_SENT UNREPLIED', 'NEW'],
      [S('c', 'S', 1000), '', 'NEW'],
    ],
  },
];

describe('the TCP tracker', () => {
  it.each(SCENARIOS)('$name', ({ sysctls, steps }) => {
    const bed = new TestBed(sysctls);
    for (const [i, [packet, told, state]] of steps.entries()) {
      const passed = bed.pass(packet);
      expect([i, bed.told().join('|'), passed.state]).toEqual([i, told, state]);
    }
  });

  it('takes window scaling into account', () => {
    const bed = new TestBed();
    bed.pass(S('c', 'S', 1000, 0, { wscale: 7, window: 65535 }));
    bed.pass(S('s', 'SA', 9000, 1001, { wscale: 7, window: 65535 }));
    bed.pass(S('c', 'A', 1001, 9001, { window: 2000 }));
    const far = bed.pass(S('s', 'A', 9001 + 200_000, 1001, { payload: 'x' }));
    expect(far.state).toBe('ESTABLISHED');
    expect(bed.pass(S('s', 'A', 9001 + 900_000, 1001, { payload: 'x' })).state).toBe('INVALID');
  });

  it('gives an unanswered pick-up, unacknowledged data and retransmissions short timeouts', () => {
    const left = (bed: TestBed) => bed.conntrackEvents().at(-1)?.entry?.timeLeft;
    const picked = new TestBed();
    picked.pass(S('c', 'A', 1, 1));
    expect(left(picked)).toBe(300e6);

    const bed = new TestBed();
    for (const [packet] of HANDSHAKE) bed.pass(packet);
    expect(left(bed)).toBe(432000e6);
    bed.pass(S('c', 'PA', 1001, 9001, { payload: 'x' }));
    expect(left(bed)).toBe(300e6);
    bed.pass(S('s', 'A', 9001, 1002));
    expect(left(bed)).toBe(432000e6);
    for (let i = 0; i < 4; i++) bed.pass(S('s', 'A', 9001, 1002));
    expect(left(bed)).toBe(300e6);
  });

  it('does not let a SYN that comes again renew its timeout', () => {
    const bed = new TestBed();
    bed.pass(S('c', 'S', 1000));
    bed.wait(100);
    bed.pass(S('c', 'S', 1000));
    bed.wait(20);
    expect(bed.told()).toEqual(['DESTROY SYN_SENT UNREPLIED']);
  });
});
