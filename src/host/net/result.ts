import type { Route } from '../../fib';
import type { EventBody } from '../../model';
import type { Addr } from '../../wire';
import type { Host } from '../host';
import type { HostSkb } from '../skb';
import { emitRoute } from './route-event';
import { refusalText } from './route4-input';
import type { OutputRoute } from './route4-output';

type RouteResult = Extract<EventBody, { type: 'route' }>['result'];

/** Tells which way a packet of the host's own goes. */
export function emitOutputRoute(
  host: Host,
  skb: HostSkb,
  kind: 'output' | 'reroute',
  answer: OutputRoute,
  considered: Parameters<typeof emitRoute>[6] = [],
): void {
  const { src, dst }: { src: Addr; dst: Addr } = skb.packet;
  const route: Route | null = answer.found?.route ?? null;
  const key = { src, dst, iif: '', oif: '' };
  if (answer.ok) emitRoute(host, skb, kind, key, resultOf(answer.dst.type), { ...answer.dst, route }, considered);
  else emitRoute(host, skb, kind, key, refusalText(answer.found), { dev: '', gateway: null, route }, considered);
}

function resultOf(type: 'local' | 'unicast' | 'broadcast' | 'multicast' | 'anycast'): RouteResult {
  return type === 'anycast' ? 'unicast' : type;
}
