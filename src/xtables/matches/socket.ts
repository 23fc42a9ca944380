import { IPPROTO, innerPacket, isErrorMessage, makeTcp, makeUdp, type Packet, ports, TCP_ACK } from '../../wire';
import { defineMatch, flag, type XtAction } from '../record';
import { setMark } from '../targets/change';

interface SocketConfig {
  readonly transparent: boolean;
  readonly nowildcard: boolean;
  readonly restore: boolean;
}

/** Kernel: socket_match(), net/netfilter/xt_socket.c; socket_mt6_v1_v2_v3() */
export const socket = defineMatch({
  name: 'socket',
  title: 'Open socket',
  help: 'There is a socket on this host that the packet belongs to. One that listens on any address does not count.',
  hooks: ['PREROUTING', 'INPUT'],
  defrag: true,
  sideEffect: true,
  options: {
    transparent: flag('Only sockets that may have foreign addresses'),
    nowildcard: flag('Sockets that listen on any address count, too'),
    'restore-skmark': flag("The packet gets the socket's mark"),
  },
  parse: (uses): SocketConfig => ({
    transparent: uses.transparent !== undefined,
    nowildcard: uses.nowildcard !== undefined,
    restore: uses['restore-skmark'] !== undefined,
  }),
  print: socketText,
  list: (c) => ` socket${socketText(c)}`,
  match: (c, action) => {
    const found = lookup(c, action);
    if (found.mark === null) return false;
    if (c.restore) setMark(action, found.mark, 'socket');
    return true;
  },
  because: (c, action) => lookup(c, action).because,
});

function socketText(c: SocketConfig): string {
  let out = c.transparent ? ' --transparent' : '';
  if (c.nowildcard) out += ' --nowildcard';
  return c.restore ? `${out} --restore-skmark` : out;
}

function lookup(c: SocketConfig, { env, skb }: XtAction): { readonly mark: number | null; readonly because: string } {
  const looked = isErrorMessage(skb.packet) ? quotedFlow(skb.packet) : skb.packet;
  const found =
    looked === null ? null : env.port.socketLookup(looked === skb.packet ? skb : { ...skb, packet: looked });
  if (found === null) return { mark: null, because: 'there is no socket for it' };
  if (found.wildcard && !c.nowildcard) return { mark: null, because: 'its socket listens on any address' };
  if (c.transparent && !found.transparent) return { mark: null, because: 'its socket is not transparent' };
  return { mark: found.mark, because: 'there is a socket for it' };
}

/** What the packet that an error is about would have been answered with. Kernel: extract_icmp4_fields() */
function quotedFlow(packet: Packet): Packet | null {
  const inner = innerPacket(packet);
  const pair = inner === null ? null : ports(inner);
  if (inner === null || pair === null) return null;
  const flow = { src: inner.dst, dst: inner.src, sport: pair.dport, dport: pair.sport };
  if (inner.protocol === IPPROTO.tcp) return makeTcp({ ...flow, flags: TCP_ACK });
  return inner.protocol === IPPROTO.udp ? makeUdp(flow) : null;
}
