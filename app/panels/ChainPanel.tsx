import { memo, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import type { HostState, KeptState } from '../../src/engine';
import type { HookFamily } from '../../src/model';
import { type ShownRule, stores, useAnswer, useHostState, useLab, useRun, useView } from '../store';
import { Button, Chip, cx, Empty, Glyph, Kbd, later, Tag, thin } from '../ui';
import { ConntrackSummary } from './ConntrackSummary';
import { RuleCard } from './RuleCard';
import { keyOf, type RuleRow, ruleRows, withCriteria } from './ruleRows';
import { Scroll } from './Scroll';
import {
  type ChainSubject,
  type ShownChain,
  useChainSubject,
  useFlow,
  useNotModelled,
  useTried,
  useUntried,
} from './subject';
import { useRowKeys } from './useRowKeys';

const LongChain = later(() => import('./LongChain').then((m) => m.LongChain));
/** More rows than this are not all put into the page at once. */
const VIRTUAL = 40;

/** The chain that the packet is in, or that a person has picked, and the flow below it. */
export function ChainPanel({ host }: { readonly host: string }) {
  const subject = useChainSubject();
  const flow = useFlow(host);
  const none = useLab((s) => Object.keys(s.lab.hosts).length === 0);
  if (none) return <NoHost />;
  if (subject === null) return <NoRules host={host} />;
  return (
    <>
      <Chain key={`${subject.host}/${subject.family}/${subject.table}/${subject.chain}`} subject={subject} />
      {flow !== null && <ConntrackSummary {...flow} host={host} />}
    </>
  );
}

function NoHost() {
  return (
    <Empty text="Add a host, or paste an iptables-save dump.">
      <Button size="sm" icon="plus" onClick={() => stores.view.getState().setOverlay('labs')}>
        Open a lab
      </Button>
    </Empty>
  );
}

function NoRules({ host }: { readonly host: string }) {
  const running = useRun((s) => s.result === null);
  const failed = useRun((s) => s.status === 'failed' || s.status === 'paused' || s.status === 'invalid');
  const nft = useLab((s) => (s.lab.hosts[host]?.nftables ?? '').trim() !== '');
  if (running) return <Empty text={failed ? 'The lab has not run.' : 'The engine is starting …'} />;
  const said = nft
    ? `${host} has no iptables rules. Its nftables rules are kept as text, but not simulated.`
    : `${host} has no iptables rules. Packets pass all hooks unseen.`;
  return (
    <Empty text={said}>
      <EditRules>Write rules</EditRules>
    </Empty>
  );
}

function EditRules({ children }: { readonly children: React.ReactNode }) {
  return (
    <Button size="sm" icon="edit" data-testid="edit-rules" onClick={() => stores.view.getState().setOverlay('editor')}>
      {children}
    </Button>
  );
}

const SAYS: Readonly<Record<string, string>> = {
  raw: 'Before connection tracking.',
  mangle: 'Changes packets and marks them.',
  nat: 'Only the first packet of a flow comes here.',
  filter: 'Lets packets through, or not.',
  security: 'Sets security labels.',
};
const WHERE: Readonly<Record<string, string>> = {
  PREROUTING: 'Every packet that arrives, before routing.',
  INPUT: 'Packets for this host.',
  FORWARD: 'Packets passing through this host.',
  OUTPUT: 'Packets made on this host.',
  POSTROUTING: 'Every packet that leaves, after routing.',
};

/** Until the engine has answered for the first time. */
const NOTHING: ShownChain = { policy: null, rules: [] };

function Chain({ subject }: { readonly subject: ChainSubject }) {
  const { host, family, table, chain, visit } = subject;
  const tried = useTried(visit);
  const state = useHostState(host);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const untried = useUntried(subject, visit.length === 0);
  const [last, setLast] = useState<ShownChain>(NOTHING);
  // What was there before stays until the answer about another moment has come.
  const shown = tried ?? untried ?? last;
  if (shown !== last) setLast(shown);
  const whole = visit.length === 0;
  const rows = useMemo(() => ruleRows(shown.rules, whole ? null : open), [shown, open, whole]);
  const latest = visit.at(-1);
  const decided = latest !== undefined && (latest.rule === 'policy' || latest.rule === 'return');
  const show = (row: RuleRow): void => {
    if (row.kind === 'fold') setOpen(new Set([...open, row.from]));
  };
  const deciding = typeof latest?.rule === 'number' ? latest.rule : -1;
  const list = useRef<HTMLOListElement>(null);
  useRowKeys(list);
  const unknown = useNotModelled(subject);
  useEffect(() => {
    if (tried === null) return;
    const row = decided
      ? list.current?.lastElementChild
      : list.current?.querySelector(`[data-testid="rule-${table}-${chain}-${deciding}"]`);
    row?.scrollIntoView({ block: 'nearest' });
  }, [decided, deciding, tried, table, chain]);
  const item = (row: RuleRow): React.ReactNode =>
    row.kind === 'fold' ? (
      <Fold row={row} onShow={() => show(row)} />
    ) : (
      <LateRule
        rule={row.rule}
        table={table}
        chain={chain}
        kept={keptOf(state, family, table, chain, row.rule.number)}
        host={host}
        family={family}
        state={rowState(row.rule, subject, deciding)}
      />
    );
  const items = (some: readonly RuleRow[]): React.ReactNode => some.map((row) => <li key={keyOf(row)}>{item(row)}</li>);
  return (
    <section
      // A flow with long addresses below it leaves room for a rule.
      className={cx(
        'flex short:min-h-[calc(100%-40px)] flex-initial flex-col',
        rows.length > 0 ? 'min-h-[200px]' : 'min-h-[120px]',
      )}
      aria-label={`Chain ${chain} of table ${table}`}
    >
      <Head subject={subject} />
      {unknown.length > 0 && (
        <p
          className="mx-[14px] mb-2 flex-none rounded-card bg-rej-w px-[10px] py-[7px] text-[12.5px] text-t1"
          data-testid="chain-uncertain"
        >
          Not modelled, and met by this packet: <span className="mono">{unknown.join(', ')}</span>. It counts as no
          match, so what is shown from there on may differ from Linux.
        </p>
      )}
      <Scroll label="Rules" className="px-[14px] pb-3">
        <ol ref={list} className="m-0 flex list-none flex-col gap-2 p-0" data-testid="chain-rules">
          {shown.rules.length === 0 && shown !== NOTHING && (
            <li className="text-t2">
              {shown.policy === null
                ? 'No rules. The packet goes back to the chain that it came from.'
                : `No rules. The policy ${shown.policy} decides.`}
            </li>
          )}
          {rows.length > VIRTUAL ? (
            <Suspense fallback={items(rows.slice(0, 12))}>
              <LongChain rows={rows} item={item} />
            </Suspense>
          ) : (
            items(rows)
          )}
          {shown !== NOTHING && (
            <End
              policy={shown.policy}
              decided={decided}
              reached={visit.length > 0}
              counters={state?.counters[`${family === 'ip6' ? 'ip6 ' : ''}${table} ${chain} policy`]}
              table={table}
              chain={chain}
            />
          )}
        </ol>
      </Scroll>
    </section>
  );
}

/** The chain's name and what it is for. */
function Head({ subject: { table, chain, family } }: { readonly subject: ChainSubject }) {
  const follow = useView((s) => s.follow);
  const builtIn = WHERE[chain];
  return (
    <header className="flex-none px-[14px] pt-[14px] pb-3">
      <div className="flex items-center gap-2">
        <Tag hue={table} className="text-[14px]!">
          {table}
        </Tag>
        <h2 className="min-w-0 flex-1 font-[670] text-[16.5px] leading-[1.2] wrap-anywhere" data-testid="chain-name">
          {chain}
        </h2>
        {family === 'ip6' && <span className="text-[12.5px] text-t3">IPv6</span>}
        <EditRules>
          Edit
          {/* Beside a narrow graph the longest chain's name needs the room. */}
          <span className="hidden wide:inline">
            <Kbd>E</Kbd>
          </span>
        </EditRules>
      </div>
      <div className="mt-[6px] flex flex-wrap items-center gap-2">
        <p className="text-[13px] text-t2">
          {table === 'nat' ? SAYS.nat : (builtIn ?? `${SAYS[table] ?? ''} Only packets that jump here.`)}
        </p>
        {!follow && (
          <Chip data-testid="follow" onClick={() => stores.view.getState().followPacket()}>
            <Glyph name="here" size={13} />
            follow the packet
          </Chip>
        )}
      </div>
    </header>
  );
}

/** What the packet has made of a rule: `current` where it stands now. */
function rowState(
  rule: ShownRule,
  { visit, current }: ChainSubject,
  deciding: number,
): React.ComponentProps<typeof RuleCard>['state'] {
  if (visit.length === 0) return 'idle';
  if (rule.number === deciding) return current ? 'current' : 'matched';
  if (rule.outcome === 'matched') return 'matched';
  return rule.outcome === 'failed' ? 'passed' : 'not-reached';
}

/** A rule of a long chain, which the engine is asked for when it comes into view. */
const LateRule = memo(function LateRule({
  rule,
  host,
  family,
  ...rest
}: Omit<React.ComponentProps<typeof RuleCard>, 'onOpen'> & {
  readonly rule: ShownRule;
  readonly host: string;
  readonly family: HookFamily;
}) {
  const answer = useAnswer(rule, rule.more === undefined ? null : async () => rule.more?.());
  const whole = answer?.key === rule ? answer.value : undefined;
  const onOpen = rule.line > 0 ? () => openRule(host, family, rule.line) : undefined;
  return <RuleCard {...rest} rule={withCriteria(whole ?? rule)} onOpen={onOpen} />;
});

const NOTHING_KEPT: readonly KeptState[] = [];

function keptOf(
  state: HostState | undefined,
  family: string,
  table: string,
  chain: string,
  number: number,
): readonly KeptState[] {
  return state?.ruleState[`${family === 'ip6' ? 'ip6 ' : ''}${table} ${chain} ${number}`] ?? NOTHING_KEPT;
}

function openRule(host: string, family: HookFamily, line: number): void {
  stores.view.getState().openEditor({ host, member: family === 'ip6' ? 'ip6tables' : 'iptables', line });
}

function Fold({ row, onShow }: { readonly row: Extract<RuleRow, { kind: 'fold' }>; readonly onShow: () => void }) {
  const says = row.outcome === 'failed' ? 'tried, no match' : 'not reached';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the item of a list around it is what is walked by keys
    <div
      className="flex scroll-my-3 items-center gap-2 rounded-[11px] border border-line border-dashed py-1 pr-1 pl-3 text-[13px] text-t2 -outline-offset-2"
      data-row
      tabIndex={-1}
      onKeyDown={(e) => {
        if (e.key === 'Enter' && e.target === e.currentTarget) onShow();
      }}
      data-testid={`fold-${row.from}`}
    >
      <Ticks count={row.count} on={row.outcome === 'failed'} />
      <span className="min-w-0 flex-1">
        <b className="num font-[650]">{thin(row.count)}</b> {says}
        <span className="num text-t3">
          {' '}
          ({thin(row.from)}–{thin(row.to)})
        </span>
      </span>
      <Button size="sm" tone="quiet" onClick={onShow} aria-label={`Show rules ${row.from} to ${row.to}`}>
        show
      </Button>
    </div>
  );
}

/** As many ticks as there is room for, so that a long run looks long. */
function Ticks({ count, on }: { readonly count: number; readonly on: boolean }) {
  const ticks = Math.min(18, Math.max(3, Math.round(Math.log2(count) * 2)));
  return (
    <span
      aria-hidden="true"
      className={cx('h-[14px] flex-none', on && 'rule-sweep')}
      style={{
        width: ticks * 4,
        background: `repeating-linear-gradient(90deg, ${on ? 'color-mix(in srgb, var(--packet) 60%, var(--panel))' : 'var(--line-2)'} 0 2px, transparent 2px 4px)`,
      }}
    />
  );
}

function End({
  policy,
  decided,
  reached,
  counters,
  table,
  chain,
}: {
  readonly policy: string | null;
  readonly decided: boolean;
  readonly reached: boolean;
  readonly counters: readonly [number, number] | undefined;
  readonly table: string;
  readonly chain: string;
}) {
  const bad = policy === 'DROP';
  const count = counters?.[0] ?? 0;
  return (
    <li
      className={cx(
        'flex scroll-my-3 items-center gap-2 rounded-[11px] px-3 py-[8px] text-[13px]',
        decided
          ? bad
            ? 'border-[1.5px] border-bad bg-bad-w text-t1'
            : 'border-[1.5px] border-line bg-card text-t1'
          : 'text-t2',
      )}
      data-testid={policy === null ? `end-${table}-${chain}` : `policy-${table}-${chain}`}
      data-state={decided ? 'matched' : reached ? 'not-reached' : 'idle'}
    >
      {decided && (
        <Glyph
          name={policy === null ? 'ret' : bad ? 'bad' : 'ok'}
          className={policy === null ? 'text-t2' : bad ? 'text-bad' : 'text-ok'}
        />
      )}
      <span className="flex-1">
        {policy === null ? (
          'End of the chain: back to where it came from'
        ) : (
          <>
            Policy <b className={cx('ml-1 font-semibold', bad && 'text-bad')}>{policy}</b>
          </>
        )}
      </span>
      <span className="num text-t3 text-[12.5px]">
        {decided
          ? policy === null
            ? ''
            : 'decides'
          : reached
            ? 'not reached'
            : `${thin(count)} ${count === 1 ? 'pkt' : 'pkts'}`}
      </span>
    </li>
  );
}
