import type { Beat } from '../store';

/** Where a beat happens, in a few words: for the slider's value and for screen readers. */
export function placeWords(beat: Beat | undefined): string {
  if (beat === undefined) return 'before the first event';
  const { place, host } = beat;
  const at = host === '' ? '' : `${host}, `;
  switch (place.at) {
    case 'function':
      return `${at}${place.chain === '' ? `${place.fn} in ${place.hook}` : `chain ${place.chain} in ${place.hook}`}`;
    case 'route':
      return `${at}routing`;
    case 'in':
      return `${at}arrives on ${place.interface}`;
    case 'out':
      return `${at}leaves by ${place.interface}`;
    case 'wire':
      return `on the wire ${place.segment}`;
    case 'loopback':
      return `${at}loopback`;
    case 'bridge':
      return `${at}bridge ${place.bridge}`;
    case 'local':
      return `${at}local process`;
    case 'host':
      return host;
  }
}

const KINDS: Readonly<Record<Beat['kind'], string>> = {
  born: 'the packet is made',
  passed: 'passed',
  matched: 'a rule matches',
  jump: 'jump to a chain',
  return: 'return from a chain',
  conntrack: 'connection tracking',
  nat: 'rewritten by NAT',
  route: 'route lookup',
  wire: 'on the wire',
  loopback: 'through lo',
  bridge: 'bridge',
  function: 'hook function',
  fragment: 'fragment',
  queue: 'queue',
  drop: 'dropped',
  reject: 'refused',
  deliver: 'delivered',
  error: 'failed',
  command: 'command',
  wait: 'time passes',
};

export function kindWords(beat: Beat): string {
  return KINDS[beat.kind];
}
