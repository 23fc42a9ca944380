import type { Random } from '../random';
import type { DraftPacket, DraftStep, Party } from '../topology';
import { wideCommands } from './commands';
import { ports, type Wide } from './context';
import { icmpQuery, ping, tftp, udp } from './datagrams';
import { errorAbout } from './errors';
import { cutShort, dccp, extended, gre, otherProtocol, pieces } from './odd-packets';
import { sctp } from './sctp';
import { ftp, tcp } from './segments';
import type { Story, Teller } from './story';

type Put = (from: Party, packet: DraftPacket) => void;
/** Sockets that answer, as `tcp 80`. */
type Echoing = ReadonlySet<string>;

/** Stories told one after another, with errors, waits and commands between them. */
export function makeWideSteps(r: Random, w: Wide, echoing: Echoing, names: { next: number }): DraftStep[] {
  const steps: DraftStep[] = [];
  const sent: DraftPacket[] = [];
  const put: Put = (from, packet) => {
    steps.push(from.emit(packet));
    sent.push(packet);
  };
  const stories = 1 + r.int(4);
  for (let i = 0; i < stories; i++) {
    const family = r.pick(w.families);
    const story = makeStory(r, w, family, echoing, put);
    const tell = r.weighted<Teller>([
      [5, udp],
      [6, tcp],
      [3, ping],
      [3, pieces],
      [2, sctp],
      [1, gre],
      [2, otherProtocol],
      [1, icmpQuery],
      [1.5, ftp],
      [1, tftp],
      [1, cutShort],
      [1, dccp],
      [family === 6 ? 3 : 0, extended],
    ]);
    tell(r, story);
    if (sent.length > 0 && r.chance(25)) put(r.pick(w.parties[family]), errorAbout(r, w, r.pick(sent)));
    if (r.chance(9)) steps.push({ wait: { seconds: 3 } });
    if (r.chance(35)) steps.push(...wideCommands(r, w, names));
  }
  const packets = steps.filter((step) => 'send' in step || 'receive' in step);
  if (r.chance(25) && packets.length > 0) steps.push(r.pick(packets));
  return steps.slice(0, 16);
}

function makeStory(r: Random, w: Wide, family: 4 | 6, echoing: Echoing, put: Put): Story {
  const parties = w.parties[family];
  const from = r.pick(parties);
  const others = parties.filter((party) => party.address !== from.address);
  const other = others.length > 0 ? r.pick(others) : from;
  const dst = r.weighted<string>([
    [5, other.address],
    [4, r.pick(w.own[family])],
    [1.5, r.pick(w.odd[family])],
  ]);
  const src = r.chance(5) ? r.pick(w.odd[family]) : from.address;
  const backTo = r.weighted<string>([
    [3, from.address],
    [2, r.pick(w.own[family])],
  ]);
  // Never one that a listener may have: two that echo would not come to an end.
  const sport = r.pick([4000, 4001, 5000, 123]);
  const dport = r.pick(ports);
  const fields = oddFields(r, family);
  return {
    family,
    src,
    dst,
    sport,
    dport,
    listens: echoing.has(`tcp ${dport}`) || echoing.has(`tcp ${sport}`),
    there: (body) => put(from, { src, dst, ...fields, ...body }),
    plain: (body) => put(from, { src, dst, ...body }),
    back: (body) => put(other, { src: dst, dst: backTo, ...body }),
  };
}

function oddFields(r: Random, family: 4 | 6): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (r.chance(14)) out.ttl = r.pick([1, 2, 3, 63, 128, 255]);
  if (r.chance(14)) out.tos = r.pick([16, 8, 184, 3, 1, 2, 255, 40]);
  if (family === 4 && r.chance(14)) out.df = false;
  if (r.chance(3)) out.badChecksum = true;
  return out;
}
