import type { Random } from '../random';
import type { Story } from './story';

/** TCP: connections as they go, segments out of order, FTP with its data connection. */

type Segment = (flags: string, more?: object) => void;

/** Of a client whose peer's own stack answers. */
const ANSWERED = [
  [],
  ['A'],
  ['A', 'PA'],
  ['A', 'PA', 'PA', 'FA', 'A'],
  ['A', 'FA', 'A'],
  ['R'],
  ['A', 'R'],
  ['A', 'PA', 'RA'],
  ['S'],
  ['SA'],
] as const;
const ANY_FLAGS = [
  'A',
  'PA',
  'SA',
  'FA',
  'R',
  'RA',
  '',
  'FPU',
  'SR',
  'S',
  'F',
  'SF',
  'FPA',
  'SEC',
  'AU',
  'PAE',
  'FSR',
] as const;
const AFTER_SYN_ACK = [
  [8, 'A'],
  [1, 'R'],
  [1, 'FA'],
  [1, 'S'],
  [1, 'PA'],
] as const;
const LATER = [
  [5, 'PA'],
  [3, 'A'],
  [4, 'FA'],
  [1, 'R'],
  [1, 'S'],
  [1, 'RA'],
  [0.5, 'SA'],
  [0.5, 'F'],
] as const;

export function tcp(r: Random, s: Story): void {
  const there: Segment = (flags, more) => s.there({ tcp: { sport: s.sport, dport: s.dport, flags, ...more } });
  const back: Segment = (flags, more) => s.back({ tcp: { sport: s.dport, dport: s.sport, flags, ...more } });
  if (s.listens) {
    there('S', synOptions(r));
    for (const flags of r.pick<readonly string[]>(ANSWERED)) there(flags, data(r, flags));
    return;
  }
  if (r.chance(25)) {
    for (let i = 1 + r.int(4); i > 0; i--) (r.chance(60) ? there : back)(r.pick(ANY_FLAGS));
    return;
  }
  there('S', synOptions(r));
  if (r.chance(15)) {
    there('S', synOptions(r));
    return;
  }
  if (r.chance(15)) {
    back(r.pick(['RA', 'R', 'A', 'S']));
    return;
  }
  back('SA', { seq: 5000, ...synOptions(r) });
  there(r.weighted(AFTER_SYN_ACK));
  for (let i = r.int(6); i > 0; i--) laterSegment(r, there, back);
}

function laterSegment(r: Random, there: Segment, back: Segment): void {
  const flags = r.weighted(LATER);
  const odd = r.chance(8)
    ? { seq: r.pick([1, 900, 100000, 4294967295]) }
    : r.chance(5)
      ? { ack: r.pick([1, 99999]) }
      : {};
  const put = r.chance(50) ? there : back;
  put(flags, { ...data(r, flags), ...odd, ...(r.chance(5) ? { window: r.pick([0, 1, 100]) } : {}) });
}

const synOptions = (r: Random) => ({
  ...(r.chance(60) ? { mss: r.pick([1460, 1400, 536]) } : {}),
  ...(r.chance(30) ? { sackPermitted: true } : {}),
  ...(r.chance(30) ? { wscale: r.pick([0, 7, 14]) } : {}),
});

const data = (r: Random, flags: string) =>
  !flags.includes('P')
    ? {}
    : r.chance(12)
      ? { payload: { repeat: 'd', count: r.pick([300, 1000, 1200, 1400]) } }
      : { payload: r.pick(['data', 'hello', 'USER a\r\n']) };

export function ftp(r: Random, s: Story): void {
  const sport = 4000;
  const there = (flags: string, payload?: string) =>
    s.plain({ tcp: { sport, dport: 21, flags, ...(payload === undefined ? {} : { payload }) } });
  const back = (flags: string, payload?: string, more: object = {}) =>
    s.back({ tcp: { sport: 21, dport: sport, flags, ...(payload === undefined ? {} : { payload }), ...more } });
  there('S');
  back('SA', undefined, { seq: 5000 });
  there('A');
  back('PA', '220 hi\r\n');
  there('PA', 'USER a\r\n');
  back('PA', '230 ok\r\n');
  const port = r.pick([5001, 80, 4000]);
  const commas = (address: string) => `${address.split('.').join(',')},${port >> 8},${port & 255}`;
  const active = r.chance(50);
  const old = s.family === 4 && r.chance(70);
  if (active) {
    there('PA', old ? `PORT ${commas(s.src)}\r\n` : `EPRT |${s.family === 4 ? 1 : 2}|${s.src}|${port}|\r\n`);
    s.back({ tcp: { sport: 20, dport: port, flags: 'S' } });
  } else {
    const extended = `229 Entering Extended Passive Mode (|||${port}|)\r\n`;
    back('PA', old ? `227 Entering Passive Mode (${commas(s.dst)}).\r\n` : extended);
    s.plain({ tcp: { sport: 4500, dport: port, flags: 'S' } });
  }
}
