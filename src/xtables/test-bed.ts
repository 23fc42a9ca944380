import { cloneState } from '../base';
import type { SetPort } from '../ipset';
import {
  allocSkb,
  type EventBody,
  type HookAnswer,
  type HookName,
  type HostPort,
  type Skb,
  type TableName,
} from '../model';
import { testPort } from '../model/test-port';
import { buildPacket, type LabPacket, type Packet } from '../wire';
import { iptDoTable, restore, type Tried, type XtEnv, type XtFamily, XtTables } from '.';

interface Options {
  readonly family?: XtFamily;
  readonly sets?: SetPort;
  /** Parts of the host that a test looks at. */
  readonly port?: Partial<HostPort>;
}

interface Passing {
  readonly table?: TableName;
  readonly hook?: HookName;
  readonly in?: string;
  readonly out?: string;
  readonly skb?: Partial<Skb>;
}

/** A host with rules and a clock, for the tests of this room. */
export class TestBed {
  tables: XtTables;
  readonly events: EventBody[] = [];
  /** What a walk in verbose mode told. */
  readonly tried: Tried[] = [];
  clock = 0;
  private readonly family: XtFamily;
  private readonly sets: SetPort | null;
  private readonly port: HostPort;

  constructor(text: string, { family = 'ip', sets, port = {} }: Options = {}) {
    this.family = family;
    this.sets = sets ?? null;
    this.tables = new XtTables(family);
    const { exit, stderr } = restore(this.tables, text);
    if (exit !== 0) throw new Error(stderr);
    this.port = testPort(this, { socketLookup: () => null, ...port });
  }

  /** Walks a packet through a table; the events of this packet alone are in `events` afterwards. */
  pass(lab: LabPacket, passing: Passing = {}): HookAnswer {
    return this.passSkb(newSkb(buildPacket(lab), passing.skb), passing);
  }

  passSkb(skb: Skb, { table = 'filter', hook = 'INPUT', in: iif = 'eth0', out = '' }: Passing = {}): HookAnswer {
    this.events.length = 0;
    return iptDoTable(this.env(false), skb, { family: this.family, hook, in: iif, out }, table);
  }

  /** The same on a copy of the tables, in verbose mode: what was tried is in `tried`. */
  explain(
    lab: LabPacket,
    { table = 'filter', hook = 'INPUT', in: iif = 'eth0', out = '', skb }: Passing = {},
  ): HookAnswer {
    this.tried.length = 0;
    const state = { family: this.family, hook, in: iif, out };
    const env = { ...this.env(true), tables: cloneState(this.tables) };
    return iptDoTable(env, newSkb(buildPacket(lab), skb), state, table);
  }

  /** The pieces of the walk: `INPUT 1-3 3 jump`: chain, rules tried, what decided, how. */
  walk(): string[] {
    return this.events.flatMap((event) =>
      event.type === 'rule' ? [`${event.chain} ${event.from}-${event.to} ${event.rule} ${event.verdict}`] : [],
    );
  }

  /** Rules that decided something. */
  hits(): (number | string)[] {
    return this.events.flatMap((event) => (event.type === 'rule' ? [event.rule] : []));
  }

  counters(table: TableName, chain: string): (readonly [number, number])[] {
    const data = this.tables.get(table)!;
    const { base, rules } = data.ruleset.chain(chain)!;
    return Array.from({ length: rules.length + 1 }, (_, i) => [data.packets[base + i]!, data.bytes[base + i]!]);
  }

  private env(verbose: boolean): XtEnv {
    const env = { port: this.port, ct: null, sets: this.sets, tables: this.tables };
    return verbose ? { ...env, verbose: { tried: (rule) => void this.tried.push(rule) } } : env;
  }
}

export function newSkb(packet: Packet, more: Partial<Skb> = {}): Skb {
  return allocSkb('1', packet, { iif: 'eth0', ...more });
}

/** `*table … COMMIT` of rules that begin with their chain. */
export function tableText(table: TableName, ...rules: readonly string[]): string {
  const lines = rules.map((rule) => (rule.startsWith(':') ? `${rule} - [0:0]\n` : `-A ${rule}\n`));
  return `*${table}\n${lines.join('')}COMMIT\n`;
}
