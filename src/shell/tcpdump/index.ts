import { nameOf } from '../commands/net/names';
import type { LiveOutput, LiveStory } from '../live';
import type { PrintContext } from './context';
import { type Filter, matches, parseFilter } from './filter';
import { dumpLine } from './line';
import { readOptions } from './options';
import { captured } from './tap';
import type { Captured, DumpOptions, Link } from './types';

/** tcpdump 4.99.3 on a piece of a run: on stderr how it begins and ends, on stdout the packets. */
export function tcpdump(story: LiveStory, args: readonly string[]): LiveOutput {
  const read = readOptions(args);
  if (!read.ok) return { stdout: read.stdout ?? '', stderr: read.stderr, ended: true };
  const { options } = read;
  const iface = options.iface ?? firstInterface(story);
  const ended = (stderr: string): LiveOutput => ({ stdout: '', stderr, ended: true });
  const cooked = iface === 'any';
  const device = story.host.iface(iface);
  if (!cooked && !device) return ended(`tcpdump: ${iface}: No such device exists\n(No such device exists)\n`);
  if (device && !device.up) return ended(`tcpdump: ${iface}: That device is not up\n`);
  const link: Link = cooked ? 'LINUX_SLL2' : 'EN10MB';
  const type = cooked ? 'tcpdump: data link type LINUX_SLL2\n' : '';
  const parsed = parseFilter(options.filter, cooked, (name) => addressesOf(story, name));
  if (!parsed.ok) {
    const { message, at } = parsed.error;
    const place = message.includes('syntax error') ? `hookline: ${placeOf(options.filter, at)}\n` : '';
    return ended(`${type}tcpdump: ${message}\n${place}`);
  }
  const quiet =
    options.verbose > 0 ? 'tcpdump: ' : 'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n';
  const linkName = cooked ? 'LINUX_SLL2 (Linux cooked v2)' : 'EN10MB (Ethernet)';
  const banner = `${type}${quiet}listening on ${iface}, link-type ${linkName}, snapshot length 262144 bytes\n`;
  const said = lines(captured(story, iface), options, parsed.filter, link, (addr) => nameOf(story.host, addr));
  const counted = options.count > 0 && said.count >= options.count;
  const over = counted || story.stopped;
  // Ended by hand, it leaves the line on which ^C stands.
  const stdout = said.text + (over && !counted ? '\n' : '');
  if (!over) return { stdout, stderr: banner, ended: false };
  const notes = [...said.notDecoded].map((what) => `hookline: tcpdump: the contents of ${what} are not taken apart\n`);
  return { stdout, stderr: `${banner}${counts(said.count, said.received)}${notes.join('')}`, ended: true };
}

function addressesOf(story: LiveStory, name: string): readonly string[] {
  if (name === 'localhost') return ['127.0.0.1', '::1'];
  return story.host.world.names?.().get(name) ?? [];
}

/** The first that is up and not lo, as pcap_findalldevs() finds it. */
function firstInterface(story: LiveStory): string {
  const up = story.host.interfaces().filter((i) => i.up);
  return (up.find((i) => i.kind !== 'loopback') ?? up[0])?.name ?? 'any';
}

function placeOf(filter: string, at: number): string {
  if (at >= filter.length) return 'the filter ends too early';
  return `the filter goes wrong at "${filter.slice(at).split(/\s/)[0]}", character ${at + 1}`;
}

/** What is printed of these packets. */
export function lines(
  packets: Iterable<Captured>,
  options: DumpOptions,
  filter: Filter,
  link: Link,
  named: PrintContext['nameOf'],
): {
  readonly text: string;
  readonly count: number;
  readonly received: number;
  readonly notDecoded: ReadonlySet<string>;
} {
  const ctx: PrintContext = { options, nameOf: named, tcp: new Map(), notDecoded: new Set<string>() };
  let [text, count, received, first, last] = ['', 0, 0, 0, 0];
  for (const packet of packets) {
    if (!matches(filter, packet, link === 'LINUX_SLL2')) continue;
    // On lo the way out passes the filter, too, and is left out afterwards; so is what -Q does not want.
    received += packet.iface === 'lo' ? 2 : 1;
    if (options.direction !== 'inout' && options.direction !== packet.direction) continue;
    count++;
    if (count === 1) {
      first = packet.timeUs;
      last = first;
    }
    text += dumpLine(ctx, packet, link, count, { first, last });
    last = packet.timeUs;
    if (count === options.count) break;
  }
  return { text, count, received, notDecoded: ctx.notDecoded };
}

function counts(captured: number, received: number): string {
  const packets = (n: number) => `${n} packet${n === 1 ? '' : 's'}`;
  return `${packets(captured)} captured\n${packets(received)} received by filter\n0 packets dropped by kernel\n`;
}
