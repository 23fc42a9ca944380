import type { HostView } from '../../src/engine';
import type { HookFamily, HookName } from '../../src/model';
import { isOwnHookName, newHook, withList } from '../setup';
import { type Selection, stores } from '../store';
import { Button, counted, Icon, Tag } from '../ui';
import { Inject, Title } from './details';

const HOOKS: Readonly<Record<string, string>> = {
  PREROUTING: 'Every packet that arrives comes here, before the route is looked up.',
  INPUT: 'Packets for this host come here, on their way to a program.',
  FORWARD: 'Packets passing through this host come here.',
  OUTPUT: 'Packets made on this host come here. Their route has been looked up already.',
  POSTROUTING: 'Every packet that leaves comes here last.',
  INGRESS: 'Every frame that an interface has received.',
  EGRESS: 'Every frame that an interface is about to send.',
};

/** What is registered at a hook, in its order; functions of one's own are added and edited from here. */
export function HookDetails({
  view,
  selection,
}: {
  readonly view: HostView;
  readonly selection: Extract<Selection, { readonly kind: 'hook' | 'function' }>;
}) {
  const hook = view.hooks.find((h) => h.hook === selection.hook && h.family === selection.family);
  return (
    <>
      <Title what={HOOKS[selection.hook] ?? ''}>{selection.hook}</Title>
      <ol className="m-0 flex list-none flex-col gap-[6px] p-0">
        {(hook?.functions ?? []).map((fn) => {
          const on = selection.kind === 'function' && selection.fn === fn.name;
          const { table } = fn;
          const row = (
            <>
              <span className="num w-[52px] text-right text-[12.5px] text-t3">{priorityText(fn.priority)}</span>
              <Tag hue={table ?? 'conntrack'}>{fn.name}</Tag>
              <span className="min-w-0 flex-1 text-left text-[13px] text-t2 leading-[1.3] wrap-anywhere">
                {table === null
                  ? (SUBSYSTEMS[fn.subsystem] ?? fn.subsystem)
                  : fn.rules === 0
                    ? 'no rules'
                    : `${counted(fn.rules, 'rule')} · ${fn.policy}`}
              </span>
              {(table !== null || fn.subsystem === 'user') && <Icon name="right" size={14} className="text-t3" />}
            </>
          );
          const style = `flex min-h-10 w-full py-1 items-center gap-2 rounded-card border px-2 ${on ? 'border-line-2 bg-raised' : 'border-line bg-card'}`;
          const own = fn.subsystem === 'user';
          return (
            <li key={fn.name}>
              {table === null && !own ? (
                <div className={style}>{row}</div>
              ) : (
                <button
                  type="button"
                  className={`${style} hover:bg-raised`}
                  {...(own ? { 'data-testid': `edit-function-${fn.name}` } : {})}
                  onClick={() => {
                    if (table === null) editOwn(view.name, selection, fn.name);
                    else {
                      const { family, hook: chain } = selection;
                      stores.view.getState().select({ kind: 'chain', host: view.name, family, table, chain }, 'chain');
                    }
                  }}
                >
                  {row}
                </button>
              )}
            </li>
          );
        })}
      </ol>
      {(hook?.functions.length ?? 0) === 0 && <p className="text-t2">Nothing is registered here. Packets pass.</p>}
      <div className="flex flex-wrap gap-2">
        <Inject host={view.name} place={{ at: 'hook', hook: selection.hook }}>
          Send a packet here
        </Inject>
        {isOwnHookName(selection.hook) && (
          <Button
            size="sm"
            icon="plus"
            className="mt-4"
            data-testid="add-function-here"
            onClick={() => addOwn(view.name, selection)}
          >
            Add a hook function here
          </Button>
        )}
      </div>
    </>
  );
}

/** A function of one's own is added at the hook on show, and opened in the editor. */
function addOwn(host: string, { hook, family }: { readonly hook: HookName; readonly family: HookFamily }): void {
  if (!isOwnHookName(hook)) return;
  const { lab, editHost } = stores.lab.getState();
  const line = (lab.hosts[host]?.hooks ?? []).length + 1;
  editHost(host, (h) =>
    withList(h, 'hooks', [...(h.hooks ?? []), newHook(h.hooks ?? [], hook, family === 'ip6' ? 'ip6' : 'ip')]),
  );
  stores.view.getState().openEditor({ host, member: 'hooks', line });
}

/** Opens a function of one's own in the editor. */
function editOwn(
  host: string,
  { hook, family }: { readonly hook: HookName; readonly family: HookFamily },
  name: string,
): void {
  const all = stores.lab.getState().lab.hosts[host]?.hooks ?? [];
  const at = all.findIndex((h) => h.name === name && h.hook === hook && (h.family ?? 'ip') === family);
  stores.view.getState().openEditor({ host, member: 'hooks', line: at + 1 });
}

const SUBSYSTEMS: Readonly<Record<string, string>> = {
  conntrack: 'finds or makes the flow',
  synproxy: 'answers in the place of servers',
  confirm: 'puts the flow into the table',
  defrag: 'puts fragments together',
  nft: 'nftables chain',
  ipvs: 'virtual server',
  bpf: 'BPF program',
  user: 'hook function of your own',
};

function priorityText(priority: number): string {
  return priority >= 2147483647 ? 'last' : String(priority).replace('-', '−');
}
