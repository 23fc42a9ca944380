import { useDeferredValue, useMemo, useState } from 'react';
import { useLab } from '../store';
import { Chip, cx, Icon, IconButton, VirtualRows } from '../ui';
import { editHost } from './edit';
import { Choice, FormHead, Problem, Switch, TextBox } from './fields';
import { useInterfaces, useReport, useSysctls } from './hooks';
import { COMBINE_WORDS, inForce, type SysctlInfo } from './sysctlList';
import { keysOf, plainKey, rowsFor, type SysctlRow, type SysctlValues, sysctlOf, withSysctl } from './sysctls';
import { withMember } from './withMember';

const NONE: SysctlValues = {};

/** Settings of a host's kernel: those that matter to packets, each with its meaning, and all others by name. */
export function SysctlForm({ host }: { readonly host: string }) {
  const values = useLab((s) => s.lab.hosts[host]?.sysctl ?? NONE);
  const now = useSysctls(host);
  const interfaces = useInterfaces(host);
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search);
  const [everything, setEverything] = useState(false);
  const rows = useMemo(() => rowsFor(wanted, values, now.keys(), everything), [wanted, values, now, everything]);
  const problems = useProblems(host, values);
  const set = (key: string, value: string, group = ''): string | null =>
    editHost(
      host,
      (h) => {
        const next = withSysctl(h.sysctl ?? {}, key, value);
        return withMember(h, 'sysctl', Object.keys(next).length === 0 ? undefined : next);
      },
      group === '' ? '' : `sysctl/${group}`,
    );
  const ctx: Ctx = { values, now, interfaces, problems, set };
  return (
    <>
      <FormHead title="Sysctls" lead="Settings of this host’s kernel, as they are when the lab begins.">
        <div className="flex flex-wrap gap-x-6">
          <Switch
            label="Forwards IPv4"
            testid="forward-ip"
            on={(now.get('net.ipv4.ip_forward') ?? sysctlOf(values, 'net.ipv4.ip_forward') ?? '0') !== '0'}
            onChange={(on) => set('net.ipv4.ip_forward', on ? '1' : '')}
          />
          <Switch
            label="Forwards IPv6"
            testid="forward-ip6"
            on={(now.get('net.ipv6.conf.all.forwarding') ?? '0') !== '0'}
            onChange={(on) => set('net.ipv6.conf.all.forwarding', on ? '1' : '')}
          />
        </div>
      </FormHead>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <label className="flex h-[34px] min-w-[200px] flex-1 items-center gap-2 rounded-control border border-line-2 bg-panel px-[10px] focus-within:border-focus pointer-coarse:h-11">
          <Icon name="search" size={16} className="text-t3" />
          <span className="sr-only">Find a sysctl</span>
          <input
            type="search"
            value={search}
            placeholder="Find a sysctl by name or meaning"
            data-testid="find-sysctl"
            className="min-w-0 flex-1 bg-transparent text-[13.5px] outline-none placeholder:text-t3"
            onChange={(e) => setSearch(e.target.value)}
          />
        </label>
        <Chip on={everything} data-testid="all-sysctls" onClick={() => setEverything(!everything)}>
          All {now.size}
        </Chip>
      </div>
      {rows.length === 0 && <p className="py-4 text-t2">No sysctl contains “{wanted}”.</p>}
      <div data-testid="sysctls">
        <VirtualRows rows={rows} keyOf={rowKey} size={(row) => (row.kind === 'info' ? 104 : 46)} offset>
          {(row) => <OneRow row={row} ctx={ctx} />}
        </VirtualRows>
      </div>
    </>
  );
}

const rowKey = (row: SysctlRow): string =>
  row.kind === 'info' ? row.info.key : row.kind === 'group' ? `group ${row.name}` : row.key;

/** What every row needs of the form. */
interface Ctx {
  readonly values: SysctlValues;
  readonly now: ReadonlyMap<string, string>;
  readonly interfaces: readonly string[];
  readonly problems: ReadonlyMap<string, string>;
  readonly set: (key: string, value: string, group?: string) => string | null;
}

/** What the kernel would not take, by name. */
function useProblems(host: string, values: SysctlValues): ReadonlyMap<string, string> {
  const report = useReport(host, 'sysctl');
  return useMemo(() => {
    const keys = Object.keys(values);
    return new Map(
      report.flatMap((d): (readonly [string, string])[] => {
        const key = keys[d.line - 1];
        // The message names the key: that of a run before the last edit may stand at another one.
        return key !== undefined && d.message.startsWith(`${key}: `)
          ? [[plainKey(key), d.message.slice(key.length + 2)]]
          : [];
      }),
    );
  }, [report, values]);
}

function OneRow({ row, ctx }: { readonly row: SysctlRow; readonly ctx: Ctx }) {
  if (row.kind === 'group') return <h3 className="pt-4 pb-1 font-[650] text-[13px] text-t2">{row.name}</h3>;
  if (row.kind === 'other') {
    return (
      <div className="flex items-center gap-3 border-line border-t py-[5px]" data-testid={`sysctl-${row.key}`}>
        <span className="mono min-w-0 flex-1 text-[12.5px] [overflow-wrap:anywhere]">{row.key}</span>
        <Value name={row.key} label={row.key} ctx={ctx} />
      </div>
    );
  }
  return <InfoRow info={row.info} ctx={ctx} />;
}

function InfoRow({ info, ctx }: { readonly info: SysctlInfo; readonly ctx: Ctx }) {
  const keys = keysOf(info, ctx.interfaces);
  const touched = keys.some(([, key]) => sysctlOf(ctx.values, key) !== null);
  const [open, setOpen] = useState(false);
  const single = keys.length === 1;
  const [, first = info.key] = keys[0] ?? [];
  return (
    <section
      aria-label={info.title}
      data-testid={`sysctl-${info.key}`}
      className={cx(
        'border-line border-t py-[10px]',
        touched && 'bg-[color-mix(in_srgb,var(--raised)_45%,transparent)]',
      )}
    >
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2 px-1">
        <div className="min-w-[220px] flex-1">
          <p className="font-semibold text-[14.5px]">{info.title}</p>
          <p className="mono text-[12.5px] text-t2 [overflow-wrap:anywhere]">{info.key.replace('.DEV.', '.*.')}</p>
          <p className="mt-[2px] max-w-[60ch] text-[13px] text-t2">{info.meaning}</p>
        </div>
        {single ? (
          <Value name={first} label={info.title} info={info} ctx={ctx} />
        ) : (
          <div className="flex items-center gap-2">
            <Value name={first} label={`${info.title}, all`} info={info} ctx={ctx} tag="all" />
            <button
              type="button"
              aria-expanded={open}
              aria-label={`${info.title}: by interface`}
              data-testid={`more-${info.key}`}
              className="grid size-8 flex-none place-items-center rounded-control text-t2 hover:bg-raised pointer-coarse:size-11"
              onClick={() => setOpen(!open)}
            >
              <Icon name={open ? 'up' : 'down'} size={15} />
            </button>
          </div>
        )}
      </div>
      {!single && open && (
        <div className="mt-2 rounded-card bg-well px-3 py-2">
          {info.combine !== undefined && <p className="pb-1 text-[13px] text-t2">{COMBINE_WORDS[info.combine]}</p>}
          {keys.slice(1).map(([dev, key]) => (
            <div key={key} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1">
              <span className="mono min-w-[88px] flex-1 text-[13px]">{dev}</span>
              {info.combine !== undefined && dev !== 'default' && (
                <span className="text-[12.5px] text-t2" data-testid={`force-${key}`}>
                  counts as{' '}
                  <b className="mono font-[650] text-t1">
                    {inForce(
                      info.combine,
                      ctx.now.get(keys[0]?.[1] ?? '') ?? info.start,
                      ctx.now.get(key) ?? info.start,
                    )}
                  </b>
                </span>
              )}
              {dev === 'default' && <span className="text-[12.5px] text-t3">what new interfaces begin with</span>}
              <Value name={key} label={`${info.title}, ${dev}`} info={info} ctx={ctx} />
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

/** The value of one sysctl: what the lab says, else what it is of itself. */
function Value({
  name,
  label,
  info,
  ctx,
  tag,
}: {
  readonly name: string;
  readonly label: string;
  readonly info?: SysctlInfo;
  readonly ctx: Ctx;
  readonly tag?: string;
}) {
  const own = sysctlOf(ctx.values, name);
  const now = ctx.now.get(name)?.replaceAll('\t', ' ') ?? info?.start.replaceAll('\t', ' ') ?? '';
  const problem = ctx.problems.get(name);
  const testid = `value-${name}`;
  const start = info?.start.replaceAll('\t', ' ');
  return (
    <div className="flex flex-col items-end gap-[2px]">
      <div className="flex items-center gap-1">
        {tag !== undefined && <span className="pr-1 text-[12.5px] text-t3">{tag}</span>}
        {info?.choices !== undefined && (own === null || info.choices.some(([v]) => v === own)) ? (
          <Choice
            label={label}
            hideLabel
            value={own ?? now}
            options={info.choices.map(([v, text]) => [v, `${v}  ${text}`] as const)}
            className={info.choices.length === 2 ? 'w-[104px]' : 'w-[190px]'}
            testid={testid}
            onPick={(v) => ctx.set(name, v)}
          />
        ) : (
          <TextBox
            label={label}
            hideLabel
            value={own ?? ''}
            placeholder={now === '' ? 'nothing' : now}
            className="w-[150px]"
            testid={testid}
            problem={problem}
            commit={(v) => ctx.set(name, v, name)}
          />
        )}
        {info?.unit !== undefined && info.unit !== '' && <span className="text-[12.5px] text-t3">{info.unit}</span>}
        {own === null ? (
          <span className="size-8 flex-none pointer-coarse:size-11" />
        ) : (
          <IconButton
            icon="undo"
            size={15}
            label={`${label}: as it was${start === undefined ? '' : `, ${start}`}`}
            data-testid={`reset-${name}`}
            onClick={() => ctx.set(name, '')}
          />
        )}
      </div>
      {problem !== undefined &&
        info?.choices !== undefined &&
        own !== null &&
        info.choices.some(([v]) => v === own) && <Problem text={problem} />}
      {own !== null && start !== undefined && own !== start && problem === undefined && (
        <span className="pr-9 text-[12.5px] text-t3">was {start === '' ? 'nothing' : start}</span>
      )}
    </div>
  );
}
