import type { Rng, SimTime } from '../base';
import { ConntrackState } from '../conntrack';
import type {
  AddrType,
  Errno,
  EventBody,
  FlowKey,
  Frame,
  HostPort,
  IfaceInfo,
  PacketId,
  RouteAnswer,
  SendOptions,
  Skb,
  WorldHost,
  WorldPort,
} from '../model';
import type { Addr, Family, Packet } from '../wire';
import { XtTables } from '../xtables';
import type { CommandError, ConnectRequest, InterfaceSpec, ListenerSpec, RouteVerb, TextLoad } from './types';

function todo(): never {
  throw new Error('not written yet');
}

export interface HostOptions {
  readonly name: string;
  /** From 1, in the order of the lab; default MACs are made of it. */
  readonly index: number;
  readonly world: WorldPort;
  /** Buckets of the table of flows; default 262144. */
  readonly conntrackBuckets?: number;
  readonly seed?: number;
}

/** One network namespace: everything from ip_rcv() to dev_queue_xmit(), and its configuration. */
export class Host implements HostPort, WorldHost {
  readonly name: string;
  readonly index: number;
  readonly world: WorldPort;
  readonly ct: ConntrackState;
  readonly tables: { readonly ip: XtTables; readonly ip6: XtTables };

  constructor(options: HostOptions) {
    this.name = options.name;
    this.index = options.index;
    this.world = options.world;
    this.ct = new ConntrackState({ buckets: options.conntrackBuckets ?? 262144, seed: options.seed ?? 0 });
    this.tables = { ip: new XtTables('ip'), ip6: new XtTables('ip6') };
  }

  // --- configuration, in the order of lab-format -------------------------------------------------------------

  /** Makes the interfaces, puts them up, then gives them their addresses. `tool` says which of the two was refused. */
  configureInterfaces(
    specs: Readonly<Record<string, InterfaceSpec>>,
  ): { readonly tool: 'interfaces' | 'addresses'; readonly message: string } | null {
    return todo();
  }
  /** `line` is the number of the member. `net/ipv4/…` and `net.ipv4.…` both work. */
  loadSysctls(
    values: Readonly<Record<string, string | number>>,
  ): { readonly line: number; readonly message: string } | null {
    return todo();
  }
  /** Writes one; null if that worked, else what the kernel says (`No such file or directory`, `Invalid argument`). */
  setSysctl(key: string, value: string): string | null {
    return todo();
  }
  /** All sysctls, by dotted name, sorted. */
  sysctls(): readonly (readonly [key: string, value: string])[] {
    return todo();
  }
  /** Text of `ip route` lines. */
  loadRoutes(family: Family, text: string): TextLoad {
    return todo();
  }
  /** Text of `ip rule` lines. */
  loadRules(family: Family, text: string): TextLoad {
    return todo();
  }
  /** After anything changed in `tables`: registers the hooks of new tables, and conntrack where a rule needs it. */
  syncHooks(): void {
    todo();
  }
  /** Connections are tracked though no rule asks for it. */
  trackAlways(): void {
    todo();
  }
  listen(spec: ListenerSpec): void {
    todo();
  }

  // --- commands ----------------------------------------------------------------------------------------------

  /** `ip [-6] route VERB ARGS`. */
  routeCommand(family: Family, verb: RouteVerb, args: readonly string[]): CommandError | null {
    return todo();
  }
  /** Lines of `ip route show`; table a name or number, default main; `all`. */
  routeLines(family: Family, table?: string): readonly string[] {
    return todo();
  }
  /** `ip [-6] rule add|del ARGS`. */
  ruleCommand(family: Family, verb: 'add' | 'del' | 'flush', args: readonly string[]): CommandError | null {
    return todo();
  }
  ruleLines(family: Family): readonly string[] {
    return todo();
  }
  /** `ip addr add|del|replace|flush`: ADDRESS/LENGTH and what follows (`brd +`, `dev eth0` …). */
  addrCommand(verb: 'add' | 'del' | 'replace' | 'flush', args: readonly string[]): CommandError | null {
    return todo();
  }
  /** `ip link set|add|del ARGS`. */
  linkCommand(verb: 'set' | 'add' | 'del', args: readonly string[]): CommandError | null {
    return todo();
  }
  /** `ip neigh add|replace|del ARGS`. */
  neighCommand(verb: 'add' | 'replace' | 'del' | 'flush', args: readonly string[]): CommandError | null {
    return todo();
  }
  neighbours(): readonly { readonly dev: string; readonly address: Addr; readonly mac: string }[] {
    return todo();
  }

  // --- clients of the engine ---------------------------------------------------------------------------------

  /** The source that a socket would get that sends there, or why it cannot. */
  sourceFor(to: Addr): { readonly ok: true; readonly src: Addr } | { readonly ok: false; readonly errno: Errno } {
    return todo();
  }
  /** A port that no socket of the host has. */
  freePort(protocol: 'tcp' | 'udp'): number {
    return todo();
  }
  /**
   * Opens a connection. Nothing is sent: ask `clientNext` for the next segment when all is quiet, and `send` it. So a
   * connection is the plain sends that its expansion has.
   */
  connectClient(
    request: ConnectRequest,
  ): { readonly ok: true; readonly client: number } | { readonly ok: false; readonly errno: Errno } {
    return todo();
  }
  /** What the client sends next, as things stand now; null if it waits or is done. Each call takes one. */
  clientNext(client: number): Packet | null {
    return todo();
  }
  clientPhase(client: number): import('./types').ClientPhase {
    return todo();
  }
  /** What came back, one character a byte. */
  clientReceived(client: number): string {
    return todo();
  }

  // --- WorldHost ---------------------------------------------------------------------------------------------

  receive(dev: string, frame: Frame): void {
    todo();
  }
  loopback(skb: Skb): void {
    todo();
  }
  program(task: unknown): void {
    todo();
  }
  nextTimer(): SimTime {
    return todo();
  }
  runTimers(): void {
    todo();
  }
  send(id: PacketId, packet: Packet): Errno | null {
    return todo();
  }
  ownPort(protocol: 'tcp' | 'udp', address: Addr | null, port: number): void {
    todo();
  }
  addNeighbour(dev: string, address: Addr, mac: string): void {
    todo();
  }

  // --- HostPort ----------------------------------------------------------------------------------------------

  now(): SimTime {
    return this.world.now();
  }
  get rng(): Rng {
    return this.world.rng;
  }
  get epoch(): number {
    return this.world.epoch;
  }
  emit(skb: Skb | null, body: EventBody): void {
    this.world.emit(this.name, skb, body);
  }
  sysctl(key: string): string | undefined {
    return todo();
  }
  interfaces(): readonly IfaceInfo[] {
    return todo();
  }
  iface(name: string): IfaceInfo | undefined {
    return todo();
  }
  addrType(family: Family, addr: Addr, dev?: string): AddrType {
    return todo();
  }
  route(key: FlowKey): RouteAnswer {
    return todo();
  }
  selectAddr(family: Family, dev: string, dst: Addr): Addr | null {
    return todo();
  }
  sendLocal(packet: Packet, cause: Skb, how: 'reply' | 'error' | 'reject', options?: SendOptions): void {
    todo();
  }
  sendCopy(skb: Skb, gateway: Addr): void {
    todo();
  }
  socketLookup(skb: Skb): { readonly transparent: boolean; readonly wildcard: boolean; readonly mark: number } | null {
    return todo();
  }
  packetId(cause: PacketId, kind: 'reply' | 'err' | 'frag' | 'copy'): PacketId {
    return this.world.packetId(cause, kind);
  }
}
