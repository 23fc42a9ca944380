import { type Conn, IPS, type Skb, type Zone } from '../model';
import { ALL_EVENTS, IPCT, NO_EVENTS } from './events';
import { DEFAULT_ZONE, type Flow, flowOf, type Help } from './flow';
import { newHelp } from './helper';

export interface TemplateOptions {
  readonly zone?: Zone;
  /** `CT --zone mark`: the zone's id is the packet's mark. */
  readonly zoneFromMark?: boolean;
  readonly helper?: string;
  /** `CT --ctevents`: names of `IPCT` bits (new, related, destroy, reply, assured, protoinfo, helper, mark …). */
  readonly events?: readonly string[];
  /** What else is done to a new flow. */
  readonly begin?: (flow: Flow) => void;
}

const NO_TUPLE = Object.freeze({ family: 4, protocol: 0, src: '0.0.0.0', dst: '0.0.0.0', sport: 0, dport: 0 } as const);

/** A template for `skb.template`. It is frozen: rules share it. Kernel: nf_ct_tmpl_alloc(), xt_ct_tg_check() */
export function ctTemplate(options: TemplateOptions): Conn {
  const help: Help | null = options.helper === undefined ? null : newHelp(options.helper);
  const template: Flow = {
    id: 0,
    original: NO_TUPLE,
    reply: NO_TUPLE,
    zone: Object.freeze({ ...(options.zone ?? DEFAULT_ZONE) }),
    status: IPS.TEMPLATE | IPS.CONFIRMED,
    timeout: 0,
    span: 0,
    mark: 0,
    labels: null,
    secmark: 0,
    master: null,
    helper: options.helper ?? null,
    counters: null,
    proto: Object.freeze({ kind: 'generic', state: '' } as const),
    masqInterface: '',
    template: true,
    eventMask: options.events === undefined ? 0 : eventMask(options.events) || NO_EVENTS,
    eventCache: 0,
    help: help === null ? null : Object.freeze(help),
    seqadj: null,
    synproxy: null,
    hash: 0,
    replyHash: 0,
    canLabel: false,
    zoneFromMark: options.zoneFromMark ?? false,
    ...(options.begin && { begin: options.begin }),
  };
  return Object.freeze(template);
}

function eventMask(names: readonly string[]): number {
  let mask = 0;
  for (const name of names) mask |= (IPCT as Readonly<Record<string, number>>)[name] ?? 0;
  return mask & ALL_EVENTS;
}

/** The zone that a packet is looked up in. Kernel: nf_ct_zone_tmpl() */
export function zoneOf(template: Conn | null, skb: Skb): Zone {
  if (template === null) return DEFAULT_ZONE;
  const { zone, zoneFromMark } = flowOf(template);
  return zoneFromMark ? { id: skb.mark & 0xffff, direction: zone.direction } : zone;
}
