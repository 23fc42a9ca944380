import type { Rng, SimTime } from '../base';
import type { Bridge } from '../bridge';
import { ConntrackState, ctExpire, ctNextExpiry } from '../conntrack';
import { Fib, type FibDevices, flowTo } from '../fib';
import { NoSets, type Sets } from '../ipset';
import type {
  AddrType,
  Errno,
  EventBody,
  FibAnswer,
  FlowKey,
  Frame,
  HookName,
  HostPort,
  IfaceInfo,
  PacketId,
  QueueVerdict,
  RouteAnswer,
  SendOptions,
  Skb,
  WorldHost,
  WorldPort,
} from '../model';
import { type Addr, type Family, isLinkLocal, type Packet } from '../wire';
import { type ExtensionHook, setReferences, type XtFamily, XtTables } from '../xtables';
import { changeAddress } from './addresses';
import { writeSysctl } from './configure';
import { countFrame } from './counters';
import { expireFragments, FragCache } from './defrag';
import type { Device } from './device';
import { syncHooks } from './hooks';
import { receiveFrame, receiveUp } from './input';
import { tryIcmpSend } from './ip4/icmp-send';
import { ipv6AddrType, ipv6ChkAddr, ipv6DevGetSaddr, joinedSolicited } from './ip6/addr';
import { tryIcmp6Send } from './ip6/icmp-send';
import { ip6RouteOutput, ownAnycast } from './ip6/route';
import { addDevice, setUp } from './links';
import { inetAddrType, inetSelectAddr } from './net/addr4';
import { expireNeighbours, type Neighbour, NeighTable } from './net/neighbour';
import type { Peer } from './net/peer';
import type { PathMtu } from './net/pmtu';
import { ipRouteOutput } from './net/route4-output';
import { runTask } from './program';
import { HookRegistry } from './registry';
import { rawSend } from './send';
import { sendLocalAnswer, teeCopy } from './send-local';
import { withCauseAlive } from './sharing';
import { routeLines, ruleLines } from './show';
import type { HostSkb, RouteDst } from './skb';
import { nfReinject, type QueueEntry, type QueueProgram } from './slow';
import { portsInUse } from './sockets/clients';
import { addListener, findSocket } from './sockets/listen';
import { OwnPorts } from './sockets/own';
import { SocketTable } from './sockets/table';
import { Sysctls, sysctlName } from './sysctl';
import type { ListenerSpec } from './types';

interface HostOptions {
  readonly name: string;
  /** From 1, in the order of the lab; default MACs are made of it. */
  readonly index: number;
  readonly world: WorldPort;
  /** Buckets of the table of flows; default 262144. */
  readonly conntrackBuckets?: number;
  readonly seed?: number;
}

/**
 * One network namespace: everything from ip_rcv() to dev_queue_xmit(), and its configuration. All state is in plain
 * members, so that a copy of a host goes on as the host would; what acts on it are plain functions in the files around.
 */
export class Host implements HostPort, WorldHost, FibDevices {
  readonly name: string;
  readonly index: number;
  readonly world: WorldPort;
  readonly seed: number;
  readonly ct: ConntrackState;
  readonly tables: { readonly ip: XtTables; readonly ip6: XtTables };
  /** Interfaces by name, in the order in which they came. */
  readonly devices = new Map<string, Device>();
  readonly bridges = new Map<string, Bridge>();
  readonly fib: { readonly 4: Fib; readonly 6: Fib } = { 4: new Fib(4), 6: new Fib(6) };
  /** What /proc/sys/net says. */
  readonly proc = new Sysctls();
  readonly neigh = new NeighTable();
  readonly hooks = new HookRegistry<Host>();
  readonly frags = new FragCache();
  readonly sockets = new SocketTable();
  readonly ownPorts = new OwnPorts();
  /** Path MTUs that were told, by destination. */
  readonly pmtu = new Map<string, PathMtu>();
  /** How many errors each peer may still be told. */
  readonly peers = new Map<Addr, Peer>();
  /** Packets that wait for a program, and the programs by queue. */
  readonly queued: QueueEntry[] = [];
  readonly queuePrograms = new Map<number, QueueProgram>();
  nextQueueId = 1;
  /** Packets that are still there while something that comes of them is sent. */
  readonly alive: HostSkb[] = [];
  /** What rules have brought to the hooks, by family. */
  readonly extensionHooks: Record<XtFamily, readonly ExtensionHook[]> = { ip: [], ip6: [] };
  /** What the conditions of hook functions of one's own and of queue programs are read from. */
  conditions: { readonly ip: XtTables; readonly ip6: XtTables } | null = null;
  nextIfIndex = 1;
  /** Modules that a command has loaded. */
  readonly modules = new Set<string>();
  private ipId = 0;
  /** Conntrack is on though no rule asks for it. */
  alwaysTrack = false;
  /** While TEE sends a copy. Kernel: current->in_nf_duplicate */
  duplicating = false;
  /** While the stack sends a packet of ICMP. Kernel: icmp_xmit_lock() */
  icmpSending = false;
  /** What the raw socket of a send that is under way is bound to. Kernel: inet_rcv_saddr */
  rawBound: Addr | null = null;
  sets: Sets = new NoSets();
  /** Said by the hook function that runs: why it had nothing to do. */
  skipped: 'flow-known' | 'untracked' | 'conntrack-off' | 'invalid' | 'no-match' | undefined = undefined;

  constructor(options: HostOptions) {
    this.name = options.name;
    this.index = options.index;
    this.world = options.world;
    this.seed = options.seed ?? 0;
    this.ct = new ConntrackState({ buckets: options.conntrackBuckets ?? 262144, seed: this.seed });
    this.tables = { ip: new XtTables('ip'), ip6: new XtTables('ip6') };
    const lo = addDevice(this, 'lo', 'loopback', '00:00:00:00:00:00', 65536, '');
    setUp(this, lo, true);
    changeAddress(this, 'add', ['127.0.0.1/8', 'dev', 'lo']);
  }

  // --- configuration -----------------------------------------------------------------------------------------

  /** Writes one; null if that worked, else what the kernel says (`No such file or directory`, `Invalid argument`). */
  setSysctl(key: string, value: string): string | null {
    return writeSysctl(this, key, value);
  }

  /** How many entries the machine's connection tracking holds at most: one number for all its namespaces. */
  setConntrackMax(value: string): void {
    this.proc.setConntrackMax(value);
  }

  /** Is it a sysctl that nobody may write? */
  isReadOnly(key: string): boolean {
    const name = sysctlName(key);
    return name !== null && this.proc.isReadOnly(name);
  }

  /** All sysctls, by dotted name, sorted. */
  sysctls(): readonly (readonly [key: string, value: string])[] {
    return this.proc.all().map(([key]) => [key, this.sysctl(key)!]);
  }

  /** After anything changed in `tables`: registers the hooks of new tables, and conntrack where a rule needs it. */
  syncHooks(): void {
    syncHooks(this);
  }

  /** Connections are tracked though no rule asks for it. */
  trackAlways(): void {
    this.alwaysTrack = true;
    syncHooks(this);
  }

  listen(spec: ListenerSpec): void {
    addListener(this, spec);
  }

  /** How often rules use the set of this name. */
  setReferences(name: string): number {
    return setReferences(this.tables.ip, name) + setReferences(this.tables.ip6, name);
  }

  /** Where a MAC is on one of the host's bridges. */
  learnMac(port: string, mac: string): void {
    const master = this.devices.get(port)?.master ?? '';
    this.bridges.get(master)?.learn(mac, port);
  }

  // --- what is shown ------------------------------------------------------------------------------------------

  /** Lines of `ip route show`; table a name or number, default main; `all`. */
  routeLines(family: Family, table?: string): readonly string[] {
    return routeLines(this, family, table);
  }

  /** Lines of `ip rule show`. */
  ruleLines(family: Family): readonly string[] {
    return ruleLines(this, family);
  }

  neighbours(): readonly Neighbour[] {
    return this.neigh.list(this.world.now());
  }

  // --- for sockets that commands and clients open ------------------------------------------------------------

  /** The source that a socket would get that sends there, or why it cannot. */
  sourceFor(to: Addr): { readonly ok: true; readonly src: Addr } | { readonly ok: false; readonly errno: Errno } {
    const answer = to.includes(':') ? ip6RouteOutput(this, { dst: to }) : ipRouteOutput(this, { dst: to });
    return answer.ok ? { ok: true, src: answer.src } : { ok: false, errno: answer.errno };
  }

  /** A port that no socket of the host has. */
  freePort(protocol: 'tcp' | 'udp'): number {
    let port = 40000;
    const used = portsInUse(this, protocol);
    while (used.has(port)) port++;
    return port;
  }

  // --- WorldHost ---------------------------------------------------------------------------------------------

  receive(dev: string, frame: Frame): void {
    receiveFrame(this, dev, frame);
  }

  loopback(skb: Skb): void {
    if (!this.devices.get(skb.iif)?.up) return;
    receiveUp(this, skb as HostSkb, skb.iif);
  }

  program(task: unknown): void {
    runTask(this, task);
  }

  nextTimer(): SimTime {
    return Math.min(
      ctNextExpiry(this.ct) ?? Number.POSITIVE_INFINITY,
      this.frags.nextExpiry(),
      this.neigh.nextExpiry(),
    );
  }

  runTimers(): void {
    expireFragments(this);
    expireNeighbours(this);
    ctExpire(this.ct, this);
  }

  send(id: PacketId, packet: Packet): Errno | null {
    return rawSend(this, id, packet);
  }

  ownPort(protocol: 'tcp' | 'udp', address: Addr | null, port: number): void {
    this.ownPorts.taken.add(`${protocol} ${address ?? '*'} ${port}`);
  }

  addNeighbour(dev: string, address: Addr, mac: string): void {
    this.neigh.add(dev, address, mac);
  }

  /** The program behind a queue answers; `to`: the queue that it hands the packet on to. */
  reinject(entry: number, verdict: QueueVerdict, to = 0): void {
    const at = this.queued.findIndex((e) => e.id === entry);
    const found = this.queued[at];
    if (!found) return;
    this.queued.splice(at, 1);
    nfReinject(this, found, verdict, to);
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
    if (skb) countFrame(this, skb, body);
    this.world.emit(this.name, skb, body);
  }
  sysctl(key: string): string | undefined {
    const name = sysctlName(key);
    if (name === 'netfilter.nf_conntrack_count') return String(this.ct.count);
    return name === null ? undefined : this.proc.get(name);
  }
  interfaces(): readonly IfaceInfo[] {
    return [...this.devices.values()];
  }
  iface(name: string): IfaceInfo | undefined {
    return this.devices.get(name);
  }
  addrType(family: Family, addr: Addr, dev?: string): AddrType {
    return family === 4 ? inetAddrType(this, addr, dev) : ipv6AddrType(this, addr, dev);
  }
  route(key: FlowKey): RouteAnswer<RouteDst> {
    const { uid, ...rest } = key;
    const answer =
      key.family === 4
        ? ipRouteOutput(this, { ...rest, uid, anySrc: true })
        : ip6RouteOutput(this, { ...rest, uid, anySrc: true });
    return answer.ok ? { ok: true, dst: answer.dst } : { ok: false, errno: answer.errno };
  }
  fibLookup(key: FlowKey): FibAnswer | null {
    const { family, dst, ...rest } = key;
    const strictIface = family === 6 && isLinkLocal(dst);
    const found = this.fib[family].lookup(flowTo(dst, { ...rest, strictIface, byDevice: true }), this);
    if (!found.ok) return null;
    const hops = family === 4 ? found.route.nexthops : [found.nexthop];
    return { type: found.route.type, ownAnycast: ownAnycast(found.route), devs: hops.map((hop) => hop.dev) };
  }
  selectAddr(family: Family, dev: string, dst: Addr): Addr | null {
    return family === 4 ? inetSelectAddr(this, dev, dst, 0) : ipv6DevGetSaddr(this, dev, dst);
  }
  sendLocal(packet: Packet, cause: Skb, how: 'reject' | 'synproxy', options?: SendOptions): void {
    withCauseAlive(this, cause as HostSkb, () => sendLocalAnswer(this, packet, cause as HostSkb, how, options ?? {}));
  }
  sendError(skb: Skb, type: number, code: number, how: 'error' | 'reject', info = 0): string | null {
    const send = skb.packet.family === 4 ? tryIcmpSend : tryIcmp6Send;
    return send(this, skb as HostSkb, type, code, info, how);
  }
  sendCopy(skb: Skb, gateway: Addr, hook: HookName, oif?: string): void {
    teeCopy(this, skb as HostSkb, gateway, hook, oif);
  }
  socketLookup(skb: Skb): { readonly transparent: boolean; readonly wildcard: boolean; readonly mark: number } | null {
    return findSocket(this, skb);
  }
  packetId(cause: PacketId, kind: 'reply' | 'err' | 'frag' | 'copy'): PacketId {
    return this.world.packetId(cause, kind);
  }

  // --- for the files around ----------------------------------------------------------------------------------

  fibDevice(
    name: string,
  ): { readonly up: boolean; readonly loopback: boolean; readonly group: number; readonly ipv6: boolean } | null {
    const device = this.devices.get(name);
    if (!device) return null;
    return { up: device.up, loopback: device.kind === 'loopback', group: device.group, ipv6: this.ipv6On(name) };
  }
  fibLocal(addr: Addr, dev?: string): boolean {
    return ipv6ChkAddr(this, addr, dev);
  }
  /** net.ipv4.conf.DEV.NAME of the interface alone. Kernel: IN_DEV_CONF_GET */
  conf(dev: string, name: string): number {
    return this.proc.number(`ipv4.conf.${dev}.${name}`);
  }
  /** Of the interface or of all. Kernel: IN_DEV_ORCONF */
  confOr(dev: string, name: string): boolean {
    return this.conf('all', name) !== 0 || this.conf(dev, name) !== 0;
  }
  confAnd(dev: string, name: string): boolean {
    return this.conf('all', name) !== 0 && this.conf(dev, name) !== 0;
  }
  confMax(dev: string, name: string): number {
    return Math.max(this.conf('all', name), this.conf(dev, name));
  }
  ipv6On(dev: string): boolean {
    return this.proc.hasIpv6(dev) && this.proc.number(`ipv6.conf.${dev}.disable_ipv6`) === 0;
  }
  /** Does an interface listen to a group? Kernel: ip_check_mc_rcu(), ipv6_chk_mcast_addr() */
  joined(dev: string, group: Addr): boolean {
    if (group === '224.0.0.1' || group === 'ff02::1' || group === 'ff01::1') return true;
    if (!group.includes(':')) return false;
    const forwards = this.proc.number(`ipv6.conf.${dev}.forwarding`) !== 0;
    if (group === 'ff02::2' || group === 'ff01::2' || group === 'ff05::2') return forwards;
    return joinedSolicited(this.devices.get(dev)!, forwards, group);
  }
  /** Identifications of packets that may be cut. */
  nextIpId(): number {
    this.ipId = (this.ipId % 0xffff) + 1;
    return this.ipId;
  }
  defaultTtl(family: Family): number {
    return this.proc.number(family === 4 ? 'ipv4.ip_default_ttl' : 'ipv6.conf.default.hop_limit');
  }
}
