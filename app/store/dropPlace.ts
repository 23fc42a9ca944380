import type { RunResult } from '../../src/engine';
import type { EventOf, TraceEvent } from '../../src/model';
import type { Place } from './beats';

/**
 * Where a packet was dropped: where it stood last. That is a hook function only if that function decided; behind INPUT
 * it is the host's own stack, behind POSTROUTING the device, else a lookup or the way in.
 */
export function dropPlace(event: EventOf<'drop'>, run: RunResult): Place {
  for (let i = event.id - 1; i >= 0; i--) {
    const e = run.events[i] as TraceEvent;
    if (e.packet === event.packet && e.host === event.host) {
      const place = endsAt(e);
      if (place !== null) return place;
    } else if (e.step !== event.step) break;
  }
  return { at: 'host' };
}

/** Where a packet stands after an event; null if that event does not say. */
function endsAt(e: TraceEvent): Place | null {
  switch (e.type) {
    case 'function-enter':
    case 'function-leave':
      return { at: 'function', family: e.family, hook: e.hook, fn: e.name, chain: '' };
    case 'hook-leave':
      // Any other verdict is that of the function before it.
      return e.verdict === 'accept' ? afterHook(e) : null;
    case 'route':
      return { at: 'route', family: e.family, which: e.kind };
    case 'neighbour':
      return { at: 'out', interface: e.dev };
    case 'deliver':
      return { at: 'local' };
    case 'wire':
      return e.direction === 'in' ? { at: 'in', interface: e.interface } : null;
    default:
      return null;
  }
}

function afterHook({ hook, out }: EventOf<'hook-leave'>): Place {
  if (hook === 'INPUT') return { at: 'local' };
  return hook === 'POSTROUTING' ? { at: 'out', interface: out } : { at: 'host' };
}
