import { addrBytes, macBytes } from '../../wire';
import { defineMatch, type XtAction } from '../record';

/** The second half of an address made from a MAC (RFC 4291, appendix A). */
function fromMac(mac: string): readonly number[] {
  const [a, b, c, d, e, f] = macBytes(mac);
  return [a! ^ 2, b!, c!, 0xff, 0xfe, d!, e!, f!];
}

function matches(action: XtAction): boolean {
  const { skb } = action;
  if (skb.mac === null) {
    // A copy of a packet to a group that came back never had a frame: it goes.
    if (skb.iif !== 'lo') action.hotdrop = true;
    return false;
  }
  const address = addrBytes(skb.packet.src);
  return fromMac(skb.mac.src).every((byte, i) => byte === address[8 + i]);
}

export const eui64 = defineMatch({
  name: 'eui64',
  title: 'Address made of the MAC',
  help: 'The second half of the IPv6 source address comes from the source MAC of the frame.',
  families: ['ip6'],
  hooks: ['PREROUTING', 'INPUT', 'FORWARD'],
  options: {},
  parse: () => ({}),
  print: () => '',
  list: () => 'eui64 ',
  // Kernel: eui64_mt6(), net/ipv6/netfilter/ip6t_eui64.c
  match: (_, action) => matches(action),
  because: (_, { skb }) =>
    skb.mac === null ? 'it came by no frame' : `the MAC is ${skb.mac.src}, the source ${skb.packet.src}`,
});
