import type { TraceEvent } from '../../model';
import { BROADCAST_MAC, isMulticastMac } from '../../wire';
import type { LiveStory } from '../live';
import type { Captured } from './types';

const NO_MAC = '00:00:00:00:00:00';

/**
 * What a tap on an interface sees: what comes in before any hook, what goes out behind them all. Kernel:
 * dev_queue_xmit_nit(), and ptype_all in __netif_receive_skb_core()
 */
export function* captured(story: LiveStory, iface: string): Generator<Captured> {
  const { host } = story;
  for (const event of story.events) {
    if (event.host !== host.name) continue;
    const name = event.type === 'loopback' ? 'lo' : event.type === 'wire' ? event.interface : null;
    if (name === null || (iface !== 'any' && iface !== name)) continue;
    const bytes = story.frame(event);
    if (bytes === null) continue;
    const { srcMac, dstMac } = macsOf(event);
    yield {
      bytes,
      timeUs: story.epoch * 1000 + event.at,
      iface: name,
      ifindex: host.iface(name)?.index ?? 0,
      direction: event.type === 'wire' ? event.direction : 'in',
      kind: kindOf(event, dstMac, host.iface(name)?.mac ?? ''),
      srcMac,
      dstMac,
    };
  }
}

function macsOf(event: TraceEvent): { readonly srcMac: string; readonly dstMac: string } {
  if (event.type === 'wire' && event.mac) return { srcMac: event.mac.src, dstMac: event.mac.dst };
  return { srcMac: NO_MAC, dstMac: NO_MAC };
}

function kindOf(event: TraceEvent, dst: string, own: string): Captured['kind'] {
  if (event.type !== 'wire') return 'host';
  if (dst === BROADCAST_MAC) return 'broadcast';
  if (isMulticastMac(dst)) return 'multicast';
  return event.otherhost || dst !== own ? 'otherhost' : 'host';
}
