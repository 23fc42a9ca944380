import type { Diagnostic } from '../base';
import { configureInterfaces, Host, loadRouteText, loadRuleText, type TextLoad } from '../host';
import { parseAddr } from '../wire';
import { type LoadReport, loadDocument } from '../xtables';
import { staticNeighbours } from './neighbours';
import type { RecordedRefusal } from './recording';
import type { RulesetCache } from './ruleset-cache';
import { makeSegments, type Placed, placeInterfaces } from './segments';
import type { TraceSink } from './trace';
import { type Lab, type LabHost, RULE_TEXTS } from './types';
import { World } from './world';

/** What is wrong in one text of a host, and what is left out of the run because of it. */
export interface TextReport {
  readonly host: string;
  /** Name of the member of the lab. */
  readonly member: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Lines from 1. */
  readonly leftOut: readonly number[];
}

/** The hosts of a lab as they stand before its first step, and what was wrong with their texts. */
export interface Configured {
  readonly world: World;
  readonly placed: readonly Placed[];
  readonly refused: RecordedRefusal | null;
  readonly texts: readonly TextReport[];
}

/**
 * Builds the hosts of a lab and gives them their configuration, in the order of the format. What a real tool would
 * refuse is left out, and the first refusal is told.
 */
export function configure(lab: Lab, sink: TraceSink, cache: RulesetCache): Configured {
  const placed = placeInterfaces(lab);
  const { segments, learned } = makeSegments(placed);
  const seed = lab.seed ?? 1;
  const world = new World({
    seed,
    epoch: lab.start === undefined ? DEFAULT_EPOCH : Math.floor(Date.parse(lab.start) / 1000),
    segments,
    wires: new Map(placed.map((i) => [`${i.host} ${i.dev}`, i.segment])),
    sink,
  });
  const report = new Report();
  const names = Object.keys(lab.hosts);
  names.forEach((name, i) => {
    const spec = lab.hosts[name]!;
    const buckets = bucketsOf(spec);
    world.hosts.set(
      name,
      new Host({ name, index: i + 1, world, seed, ...(buckets ? { conntrackBuckets: buckets } : {}) }),
    );
  });
  for (const name of names) {
    const refused = configureInterfaces(world.host(name), lab.hosts[name]!.interfaces ?? {});
    if (refused) report.refuse(name, refused.tool, 0, refused.message);
  }
  if (lab.neighbours === 'fail') for (const host of world.hosts.values()) host.neigh.fails = true;
  for (const n of staticNeighbours(lab, placed)) world.host(n.host).addNeighbour(n.dev, n.address, n.mac);
  for (const { host, port, mac } of learned) world.host(host).learnMac(port, mac);
  const max = conntrackMax(lab);
  for (const name of names) configureHost(world.host(name), lab.hosts[name]!, max, report, cache);
  ownPorts(lab, world);
  return { world, placed, refused: report.refused, texts: report.texts };
}

/** 2025-01-01T00:00:00Z, a Wednesday. */
const DEFAULT_EPOCH = 1735689600;

class Report {
  refused: RecordedRefusal | null = null;
  readonly texts: TextReport[] = [];

  refuse(host: string, tool: string, line: number, message: string): void {
    this.refused ??= { host, tool, line, message };
    if (line === 0 || tool === 'sysctl') {
      const diagnostic: Diagnostic = { severity: 'error', message, line, column: 1, endColumn: 2, code: 'refused' };
      this.texts.push({ host, member: tool, diagnostics: [diagnostic], leftOut: line === 0 ? [] : [line] });
    }
  }

  text(host: string, member: string, load: TextLoad | LoadReport): void {
    if (load.refused) {
      const { line, message } = load.refused;
      this.refused ??= { host, tool: member, line, message };
    }
    if (load.diagnostics.length === 0 && load.leftOut.length === 0) return;
    this.texts.push({ host, member, diagnostics: load.diagnostics, leftOut: load.leftOut });
  }
}

function configureHost(host: Host, spec: LabHost, max: string | null, report: Report, cache: RulesetCache): void {
  const { name } = host;
  if (spec.ipset) report.text(name, 'ipset', cache.toolbox.loadSets(host, spec.ipset));
  if (max !== null) host.setConntrackMax(max);
  Object.entries(spec.sysctl ?? {}).forEach(([key, value], i) => {
    if (isGlobalSysctl(key)) return;
    const message = host.setSysctl(key, String(value));
    if (message !== null) report.refuse(name, 'sysctl', i + 1, `${key}: ${message}`);
  });
  if (spec.routes) report.text(name, 'routes', loadRouteText(host, 4, spec.routes));
  if (spec.routes6) report.text(name, 'routes6', loadRouteText(host, 6, spec.routes6));
  if (spec.rules) report.text(name, 'rules', loadRuleText(host, 4, spec.rules));
  if (spec.rules6) report.text(name, 'rules6', loadRuleText(host, 6, spec.rules6));
  for (const [member, family] of RULE_TEXTS) {
    const text = spec[member];
    if (text) report.text(name, member, loadDocument(host.tables[family], cache.read(family, text, host.sets)));
  }
  if (spec.conntrack) host.trackAlways();
  host.syncHooks();
  const { hooks = [], queues = [] } = spec;
  if (hooks.length + queues.length > 0) {
    for (const { member, diagnostics } of cache.toolbox.configureOwn(host, hooks, queues, cache.toolbox.extensions())) {
      const refused = diagnostics[0] ?? null;
      report.text(name, member, { refused, diagnostics, leftOut: diagnostics.map((d) => d.line) });
    }
  }
  for (const { address, ...listener } of spec.listen ?? []) {
    host.listen(address === undefined ? listener : { ...listener, address: parseAddr(address)! });
  }
  for (const member of ['nftables', 'ipvs'] as const) {
    if (spec[member]?.replace(/^\s*(flush ruleset\s*;?)?\s*$/gm, '')) {
      host.emit(null, { type: 'not-modelled', what: member });
    }
  }
}

/** One number for the whole kernel, or of the simulator alone: no host is given these. */
function isGlobalSysctl(key: string): boolean {
  return /nf_conntrack_(max|buckets)$/.test(key);
}

function conntrackMax(lab: Lab): string | null {
  for (const spec of Object.values(lab.hosts)) {
    for (const [key, value] of Object.entries(spec.sysctl ?? {}))
      if (/nf_conntrack_max$/.test(key)) return String(value);
  }
  return null;
}

function bucketsOf(spec: LabHost): number | null {
  const found = Object.entries(spec.sysctl ?? {}).find(([key]) => /nf_conntrack_buckets$/.test(key));
  const n = Number(found?.[1]);
  return Number.isInteger(n) && n > 0 ? n : null;
}

/** A port that any `send` has as its source belongs to the lab, unless something listens there that answers. */
function ownPorts(lab: Lab, world: World): void {
  for (const step of lab.steps) {
    if (!('send' in step)) continue;
    const { host, packet } = step.send;
    for (const protocol of ['tcp', 'udp'] as const) {
      const header = packet[protocol];
      if (!header) continue;
      const answered = (lab.hosts[host]!.listen ?? []).some(
        (l) => l.protocol === protocol && l.port === header.sport && !l.silent,
      );
      if (!answered) world.host(host).ownPort(protocol, parseAddr(packet.src)!, header.sport);
    }
  }
}
