import { Rng } from '../base';
import type { EventBody } from './event';
import type { HostPort } from './port';

/** A bed that unit tests put a mechanism in. */
interface Bed {
  /** The time, which the test sets. */
  clock: number;
  /** Everything that was told, in order. */
  readonly events: EventBody[];
}

/** A host with no sysctls and no interfaces. What a mechanism should not ask for throws, unless it is in `more`. */
export function testPort(bed: Bed, more: Partial<HostPort> = {}): HostPort {
  const unused = (): never => {
    throw new Error('not asked for here');
  };
  return {
    name: 'host',
    now: () => bed.clock,
    rng: new Rng(1),
    emit: (_skb, body) => void bed.events.push(body),
    sysctl: () => undefined,
    interfaces: () => [],
    iface: () => undefined,
    addrType: unused,
    route: unused,
    fibLookup: unused,
    selectAddr: unused,
    sendLocal: unused,
    sendError: unused,
    sendCopy: unused,
    socketLookup: unused,
    packetId: unused,
    epoch: 0,
    ...more,
  };
}
