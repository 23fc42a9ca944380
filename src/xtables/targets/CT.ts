import { nearest } from '../../base';
import { ctTemplate, helperExists } from '../../conntrack';
import type { Conn, Zone } from '../../model';
import { text } from '../read/kinds';
import { readUint } from '../read/numbers';
import {
  type CheckCall,
  defineTarget,
  flag,
  type Kind,
  type LoadError,
  option,
  type TargetAnswer,
  type XtAction,
} from '../record';
import { type Read, Refusal } from '../refusal';

interface CtConfig {
  readonly notrack: boolean;
  readonly helper: string;
  readonly timeout: string;
  readonly events: readonly string[];
  readonly expevents: readonly string[];
  readonly zone: { readonly id: number; readonly fromMark: boolean; readonly direction: Zone['direction'] } | null;
}

const EVENTS = [
  'new',
  'related',
  'destroy',
  'reply',
  'assured',
  'protoinfo',
  'helper',
  'mark',
  'natseqinfo',
  'secmark',
] as const;

function eventList(words: readonly string[]): Kind<readonly string[]> {
  return {
    name: 'event-list',
    values: words,
    read: (list) => {
      for (const word of list.split(',')) {
        if (words.includes(word)) continue;
        return new Refusal('bad-value', `Unknown event type "${word}"`, { suggestion: nearest(word, words) });
      }
      return words.filter((word) => list.split(',').includes(word));
    },
  };
}

interface ZoneId {
  readonly id: number;
  readonly fromMark: boolean;
}

const zoneId: Kind<ZoneId> = {
  name: 'zone',
  values: ['mark'],
  read: (word) => {
    if (word.toLowerCase() === 'mark') return { id: 0, fromMark: true };
    const id = readUint(word, 0, 65535);
    return id === null ? new Refusal('bad-value', `Cannot parse ${word} as a zone ID`) : { id, fromMark: false };
  },
};

export const CT = defineTarget({
  name: 'CT',
  title: 'Tracking options',
  help: 'How conntrack is to treat the packet, before it looks at it: not at all, in a zone, with a helper.',
  verdict: 'continue',
  tables: ['raw'],
  conntrack: (c: CtConfig) => !c.notrack,
  options: {
    notrack: flag('Not tracked at all; its state is UNTRACKED'),
    helper: option(text({ cut: 15 }), 'Helper of the connection, `ftp`'),
    timeout: option(text({ cut: 31 }), 'Timeout policy by its name'),
    ctevents: option(eventList(EVENTS), 'Only these events are announced'),
    expevents: option(eventList(['new']), 'Only these events of expectations are announced'),
    'zone-orig': option(zoneId, 'Zone for the original direction only'),
    'zone-reply': option(zoneId, 'Zone for replies only'),
    zone: option(zoneId, 'Zone: connections of different zones never meet'),
  },
  parse: (uses): Read<CtConfig> => {
    const orig = uses['zone-orig'];
    const reply = uses['zone-reply'];
    // The last one counts.
    const zones = [uses.zone, orig, reply].filter((use) => use !== undefined).sort((a, b) => b.order - a.order);
    const zone = zones[0];
    const fromMark = zones.some((use) => use.value.fromMark);
    const direction =
      orig !== undefined && reply === undefined
        ? 'original'
        : reply !== undefined && orig === undefined
          ? 'reply'
          : 'both';
    return {
      notrack: uses.notrack !== undefined,
      helper: uses.helper?.value ?? '',
      timeout: uses.timeout?.value ?? '',
      events: uses.ctevents?.value ?? [],
      expevents: uses.expevents?.value ?? [],
      zone: zone === undefined ? null : { ...zone.value, fromMark, direction },
    };
  },
  print: (c) => ctText(c, '--'),
  list: (c) => ` CT${ctText(c, '')}`,
  check: checkCt,
  contextual: true,
  act: actCt,
});

function ctText(c: CtConfig, prefix: string): string {
  let out = '';
  if (c.notrack) out += ` ${prefix}notrack`;
  if (c.helper !== '') out += ` ${prefix}helper ${c.helper}`;
  if (c.timeout !== '') out += ` ${prefix}timeout ${c.timeout}`;
  if (c.events.length > 0) out += ` ${prefix}ctevents ${c.events.join(',')}`;
  if (c.expevents.length > 0) out += ` ${prefix}expevents ${c.expevents.join(',')}`;
  if (c.zone !== null && (c.zone.fromMark || c.zone.id !== 0)) {
    const way = c.zone.direction === 'both' ? '' : c.zone.direction === 'original' ? '-orig' : '-reply';
    out += ` ${prefix}zone${way} ${c.zone.fromMark ? 'mark' : c.zone.id}`;
  }
  return out;
}

/** Kernel: xt_ct_tg_check(), net/netfilter/xt_CT.c */
function checkCt(c: CtConfig, call: CheckCall): LoadError | null {
  if (c.notrack) return null;
  const protocol = call.protocolNegated ? 0 : call.protocol;
  if (c.helper !== '') {
    if (protocol === 0) return 'ENOENT';
    const known =
      call.context.helpers?.includes(c.helper) ?? helperExists(c.helper, call.family === 'ip' ? 4 : 6, protocol);
    if (!known) return 'ENOENT';
  }
  // Timeout policies are made by another tool, which labs do not have.
  if (c.timeout !== '') return 'ENOENT';
  return null;
}

/** Kernel: xt_ct_target() */
function actCt(c: CtConfig, action: XtAction): TargetAnswer {
  const { skb } = action;
  if (skb.ct !== null || skb.ctinfo === 'RELATED' || skb.untracked || skb.template !== null) return 'continue';
  if (c.notrack) {
    skb.untracked = true;
    action.env.port.emit(skb, { type: 'conntrack', what: 'untracked', reason: 'notrack' });
    return 'continue';
  }
  skb.template = action.keep<{ template: Conn }>(() => ({ template: templateOf(c) })).template;
  return 'continue';
}

function templateOf(c: CtConfig): Conn {
  return ctTemplate({
    ...(c.zone === null ? {} : { zone: { id: c.zone.id, direction: c.zone.direction }, zoneFromMark: c.zone.fromMark }),
    ...(c.helper === '' ? {} : { helper: c.helper }),
    ...(c.events.length === 0 && c.expevents.length === 0 ? {} : { events: c.events }),
  });
}

export const NOTRACK = defineTarget({
  name: 'NOTRACK',
  title: 'Do not track',
  help: 'The older name of `CT --notrack`.',
  verdict: 'continue',
  tables: ['raw'],
  options: {},
  parse: (): CtConfig => ({ notrack: true, helper: '', timeout: '', events: [], expevents: [], zone: null }),
  print: () => '',
  list: () => ' NOTRACK',
  act: actCt,
});
