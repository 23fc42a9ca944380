import {
  type HookAnswer,
  type HookName,
  type HookOps,
  type HookState,
  PRIORITY,
  type Skb,
  TABLE_HOOKS,
  type TableName,
} from '../model';
import { extensionHooks, needsAccounting, needsConntrack, needsDefrag, type XtFamily } from '../xtables';
import { conntrackDefrag } from './defrag';
import { confirmHook, conntrackHook, mangleOutputHook, natHook, tableHook } from './functions';
import type { Host } from './host';
import type { HostSkb } from './skb';

/** Registers what the tables that exist and their rules ask for, and takes out what none asks for any more. */
export function syncHooks(host: Host): void {
  for (const family of ['ip', 'ip6'] as const) {
    const tables = host.tables[family];
    for (const table of tables.names()) registerTable(host, family, table);
    const own = host.conditions?.[family];
    const asks = (need: (t: typeof tables) => boolean): boolean => need(tables) || (own !== undefined && need(own));
    const track = host.alwaysTrack || asks(needsConntrack);
    if (track && asks(needsAccounting)) host.proc.set('netfilter.nf_conntrack_acct', '1');
    setDefrag(host, family, track || asks(needsDefrag));
    setConntrack(host, family, track);
    setExtensions(host, family);
  }
}

/** Kernel: iptable_*_table_init(), xt_register_template(), ipt_nat_register_lookups() */
function registerTable(host: Host, family: XtFamily, table: TableName): void {
  for (const hook of TABLE_HOOKS[table]) {
    const ops = { name: table, family, hook, priority: priorityOf(table, hook), table };
    if (table === 'nat') host.hooks.register({ ...ops, subsystem: 'nat', fn: natHook });
    else {
      const fn = table === 'mangle' && hook === 'OUTPUT' ? mangleOutputHook : tableHook;
      host.hooks.register({ ...ops, subsystem: 'iptables', fn });
    }
  }
}

function priorityOf(table: TableName, hook: HookName): number {
  if (table !== 'nat') return PRIORITY[table];
  return hook === 'PREROUTING' || hook === 'OUTPUT' ? PRIORITY.natDst : PRIORITY.natSrc;
}

/** Kernel: nf_defrag_ipv4_enable() */
function setDefrag(host: Host, family: XtFamily, on: boolean): void {
  for (const hook of ['PREROUTING', 'OUTPUT'] as const) {
    set(host, on, { name: 'defrag', family, hook, priority: PRIORITY.defrag, subsystem: 'defrag', fn: defragHook });
  }
}

function defragHook(host: Host, skb: Skb, state: HookState): HookAnswer {
  return conntrackDefrag(host, skb as HostSkb, state);
}

/** Kernel: nf_ct_netns_get(), nf_ct_netns_put() */
function setConntrack(host: Host, family: XtFamily, on: boolean): void {
  host.ct.active[family] = on;
  for (const hook of ['PREROUTING', 'OUTPUT'] as const) {
    const priority = PRIORITY.conntrack;
    set(host, on, { name: 'conntrack', family, hook, priority, subsystem: 'conntrack', fn: conntrackHook });
  }
  for (const hook of ['INPUT', 'POSTROUTING'] as const) {
    const priority = PRIORITY.confirm;
    set(host, on, { name: 'confirm', family, hook, priority, subsystem: 'confirm', fn: confirmHook });
  }
}

/** Kernel: nf_synproxy_ipv4_init(), nf_synproxy_ipv4_fini() */
function setExtensions(host: Host, family: XtFamily): void {
  for (const { hook, name } of host.extensionHooks[family]) host.hooks.unregister(family, hook, name);
  host.extensionHooks[family] = extensionHooks(host.tables[family]);
  for (const ops of host.extensionHooks[family]) host.hooks.register({ ...ops, family });
}

function set(host: Host, on: boolean, ops: HookOps<Host>): void {
  if (on) host.hooks.register(ops);
  else host.hooks.unregister(ops.family, ops.hook, ops.name);
}
