import { SECOND } from '../../base';
import type { ConnSnapshot, EventOf, TupleSnapshot } from '../../model';
import { IPPROTO, protocolNumber } from '../../wire';
import type { LiveOutput, LiveStory } from '../live';
import { HEAD, parseEvents, tryHelp } from './conntrack-parse';

type CtEvent = EventOf<'conntrack'>;

/** `conntrack -E`: a line for each event that the kernel announces. */
export function conntrackEvents(story: LiveStory, args: readonly string[]): LiveOutput {
  const read = parseEvents(args);
  const ended = (stderr: string): LiveOutput => ({ stdout: '', stderr, ended: true });
  if ('wrong' in read) return ended(`${read.before ?? ''}${HEAD}${read.wrong}\n${tryHelp}`);
  if ('failed' in read) return ended(`${HEAD}${read.failed}\n`);
  if ('notModelled' in read) return ended(`hookline: ${read.notModelled}: not modelled\n`);
  let stdout = '';
  let shown = 0;
  for (const event of story.events) {
    if (event.type !== 'conntrack' || event.host !== story.host.name || !event.event || !event.entry) continue;
    if (!read.events.has(event.event) || !read.test(event.entry)) continue;
    stdout += eventLine(event, event.entry, read.output, story.epoch * 1000 + event.at);
    shown++;
  }
  const stderr = story.stopped ? `${HEAD}${shown} flow events have been shown.\n` : '';
  return { stdout, stderr, ended: story.stopped };
}

const NAMES = { NEW: '    [NEW] ', UPDATE: ' [UPDATE] ', DESTROY: '[DESTROY] ' } as const;

function eventLine(event: CtEvent, entry: ConnSnapshot, output: ReadonlySet<string>, timeUs: number): string {
  const { protocol } = entry;
  const number = typeof protocol === 'number' ? protocol : (protocolNumber(protocol) ?? 0);
  const left = Math.floor(entry.timeLeft / SECOND);
  const words = [
    ...(output.has('extended') ? [entry.family === 4 ? 'ipv4     2' : 'ipv6     10'] : []),
    `${(typeof protocol === 'number' ? 'unknown' : protocol).padEnd(8)} ${number}`,
    // What has expired has no time left, and none is said.
    ...(event.event === 'DESTROY' && left === 0 ? [] : [String(left)]),
    ...(entry.state === undefined ? [] : [entry.state]),
    ...direction(entry.original, number),
    ...(entry.zoneOriginal === undefined ? [] : [`zone-orig=${entry.zoneOriginal}`]),
    ...counted(event, entry, 0),
    ...(entry.status.includes('UNREPLIED') ? ['[UNREPLIED]'] : []),
    ...direction(entry.reply, number),
    ...(entry.zoneReply === undefined ? [] : [`zone-reply=${entry.zoneReply}`]),
    ...counted(event, entry, 1),
    ...(entry.status.includes('ASSURED') ? ['[ASSURED]'] : []),
    ...(entry.mark === 0 ? [] : [`mark=${entry.mark}`]),
    ...(entry.zone === 0 ? [] : [`zone=${entry.zone}`]),
    ...(entry.helper === undefined ? [] : [`helper=${entry.helper}`]),
    ...(output.has('id') ? [`id=${entry.id}`] : []),
    ...(event.what === 'delete' || event.what === 'flush' || event.reason === 'conntrack-tool' ? ['[USERSPACE]'] : []),
  ];
  return `${output.has('timestamp') ? stampText(timeUs) : ''}${NAMES[event.event!]}${words.join(' ')}\n`;
}

/** A time of the wall clock, in front of a line. */
export function stampText(timeUs: number): string {
  return `[${Math.floor(timeUs / 1e6)}.${String(timeUs % 1_000_000).padStart(6, '0')}]\t`.padEnd(8);
}

function direction(t: TupleSnapshot, protocol: number): readonly string[] {
  const words = [`src=${t.src}`, `dst=${t.dst}`];
  if (t.type !== undefined) words.push(`type=${t.type}`, `code=${t.code ?? 0}`, `id=${t.id ?? 0}`);
  else if (protocol === IPPROTO.gre)
    words.push(`srckey=0x${(t.sport ?? 0).toString(16)}`, `dstkey=0x${(t.dport ?? 0).toString(16)}`);
  else if (t.sport !== undefined) words.push(`sport=${t.sport}`, `dport=${t.dport ?? 0}`);
  return words;
}

/** Packets and bytes are told with the last event alone. */
function counted(event: CtEvent, entry: ConnSnapshot, index: 0 | 1): readonly string[] {
  if (event.event !== 'DESTROY' || !entry.counters) return [];
  return [`packets=${entry.counters.packets[index]}`, `bytes=${entry.counters.bytes[index]}`];
}
