import { memo, Suspense } from 'react';
import type { Criterion, KeptState, TriedRule } from '../../src/engine';
import { counted, cx, Glyph, glyphColour, Icon, later, targetGlyph, thin } from '../ui';
import { markUses, plainName, withNames } from './plainNames';
import { shortTarget } from './ruleRows';

const Kept = later(() => import('./lazy').then((m) => m.Kept));
const MarkBits = later(() => import('./lazy').then((m) => m.MarkBits));

/** A rule: its criteria in the order in which they are checked, its target, its counters at this event. */
export const RuleCard = memo(function RuleCard({
  rule,
  table,
  chain,
  state,
  kept,
  onOpen,
}: {
  readonly rule: TriedRule;
  readonly table: string;
  readonly chain: string;
  readonly state: 'idle' | 'passed' | 'matched' | 'current' | 'not-reached';
  /** What its extensions keep: the credit of a `limit`, the list of a `recent`. */
  readonly kept: readonly KeptState[];
  /** Opens the editor at the rule. */
  readonly onOpen?: (() => void) | undefined;
}) {
  const on = rule.outcome === 'matched';
  const idle = state === 'idle';
  const off = rule.outcome === 'not-reached' && !idle;
  const stopped = rule.criteria.findIndex((c) => c.outcome === 'no');
  const why = stopped < 0 ? '' : withNames(rule.criteria[stopped]?.because ?? '');
  const unknown = rule.criteria.find((c) => c.outcome === 'unknown');
  const marks = markUses(rule.criteria, rule.target);
  const name = plainName(rule.target);
  const glyph = targetGlyph(rule.target.split(' ')[0] ?? '');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the item of a list around it is what is walked by keys
    <div
      className={cx(
        `hue-${table}`,
        'grid scroll-my-3 grid-cols-[minmax(24px,auto)_minmax(0,1fr)] gap-x-[6px] rounded-[11px] border-[1.5px] p-3 -outline-offset-2',
        on ? 'border-(--c) bg-(--w)' : off ? 'border-line' : 'border-line bg-card',
      )}
      data-testid={`rule-${table}-${chain}-${rule.number}`}
      data-state={state}
      data-row
      tabIndex={-1}
      onKeyDown={(e) => {
        if (e.key === 'Enter' && e.target === e.currentTarget) onOpen?.();
      }}
      aria-current={state === 'current' ? 'step' : undefined}
    >
      <b className={cx('num pt-[2px] font-[650] text-[14px]', on ? 'text-(--c)' : 'text-t3')}>{rule.number}</b>
      <div className="min-w-0">
        <div className="flex min-w-0 flex-wrap gap-[4px]">
          {rule.criteria.length === 0 && <Any outcome={rule.outcome} />}
          {rule.criteria.map((criterion, i) => (
            // The same criterion twice in a rule is the same chip twice.
            // biome-ignore lint/suspicious/noArrayIndexKey: criteria never move
            <Check key={i} criterion={criterion} greyed={stopped >= 0 && i > stopped} idle={idle} />
          ))}
        </div>
        {why !== '' && <p className="mt-2 text-[12.5px] text-t2 wrap-anywhere">{why}</p>}
        {unknown !== undefined && (
          <p className="mt-2 text-[12.5px] text-rej" data-testid="rule-unknown">
            Not modelled: it counts as no match. What follows may differ from Linux.
          </p>
        )}
        <div
          className={cx(
            'mono mt-[9px] flex min-w-0 items-center gap-[7px] text-[13.5px]',
            on ? 'font-bold text-t1' : idle ? 'text-t2' : 'text-t3',
          )}
        >
          {on ? (
            <Glyph
              name={glyph ?? 'hit'}
              size={17}
              className={`rule-hit ${glyph === null ? 'text-t3' : glyphColour(glyph)}`}
            />
          ) : (
            <Icon name="arrow" size={14} />
          )}
          <span className="min-w-0 flex-1 wrap-anywhere">
            {rule.target === '' ? 'no target, goes on' : shortTarget(rule.target)}
            {name !== '' && <span className="ml-2 font-normal font-sans text-[12.5px] text-t2">{name}</span>}
          </span>
          <span className={cx('num whitespace-nowrap font-normal font-sans text-[12.5px]', on ? 'text-t1' : 'text-t3')}>
            {off ? 'not reached' : countersText(rule.counters)}
          </span>
        </div>
        {rule.comment !== '' && <p className="mt-[6px] text-[12.5px] text-t3">{rule.comment}</p>}
        {(kept.length > 0 || marks.length > 0) && (
          <Suspense fallback={null}>
            {marks.map((use) => (
              <MarkBits key={`${use.what} ${use.does} ${use.value}/${use.mask}`} use={use} />
            ))}
            {kept.map((one) => (
              <Kept key={`${one.what} ${one.value}`} kept={one} />
            ))}
          </Suspense>
        )}
      </div>
    </div>
  );
});

function countersText([packets, bytes]: readonly [number, number]): string {
  const pkts = counted(packets, 'pkt');
  return packets === 0 ? pkts : `${pkts} · ${thin(bytes)} B`;
}

const CHIP =
  'mono inline-flex min-h-[26px] max-w-full items-center gap-[3px] rounded-[7px] border pr-[5px] pl-[6px] text-[12.2px] wrap-anywhere';

/** The module that a criterion belongs to is told by its option. */
const LOADS = /^-m \S+ (?=(! )?--)/;

function Check({
  criterion,
  greyed,
  idle,
}: {
  readonly criterion: Criterion;
  readonly greyed: boolean;
  readonly idle: boolean;
}) {
  const { text, outcome, because } = criterion;
  const name = plainName(text);
  const grey = greyed || outcome === 'not-tested';
  const yes = !grey && outcome === 'yes';
  const no = !grey && outcome === 'no';
  return (
    <span
      className={cx(
        CHIP,
        grey && (idle ? 'border-line text-t1' : 'border-line text-t3'),
        yes && 'border-[color-mix(in_srgb,var(--ok)_45%,var(--line))] bg-ok-w text-t1',
        no && 'border-[color-mix(in_srgb,var(--bad)_55%,var(--line))] bg-bad-w text-t1',
        !grey && outcome === 'unknown' && 'border-[color-mix(in_srgb,var(--rej)_55%,var(--line))] bg-rej-w text-t1',
      )}
      data-state={grey ? 'not-tested' : outcome}
      title={because === '' ? undefined : because}
    >
      {text.replace(LOADS, '')}
      {name !== '' && <span className={cx('ml-[3px] font-sans', grey ? 'text-t3' : 'text-t2')}>{name}</span>}
      {yes && <Mark name="check" className="rule-mark text-ok" label="matches" />}
      {no && <Mark name="close" className="rule-mark text-bad" label="does not match" />}
      {!grey && outcome === 'unknown' && (
        <b className="px-[2px] text-rej" title="not modelled">
          ?
        </b>
      )}
      {grey && !idle && <span className="sr-only">not tested</span>}
    </span>
  );
}

function Mark({
  name,
  className,
  label,
}: {
  readonly name: 'check' | 'close';
  readonly className: string;
  readonly label: string;
}) {
  return (
    <>
      <svg width="13" height="13" viewBox="0 0 20 20" className={className} aria-hidden="true">
        <path
          d={name === 'check' ? 'm4 10.500 4 4 8-9' : 'm5 5 10 10M15 5 5 15'}
          fill="none"
          stroke="currentColor"
          strokeWidth="2.800"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span className="sr-only">{label}</span>
    </>
  );
}

function Any({ outcome }: { readonly outcome: TriedRule['outcome'] }) {
  const met = outcome === 'matched';
  return (
    <span
      className={cx(
        CHIP,
        'font-sans',
        met ? 'border-[color-mix(in_srgb,var(--ok)_45%,var(--line))] bg-ok-w text-t1' : 'border-line text-t3',
      )}
    >
      any packet
      {met && <Mark name="check" className="rule-mark text-ok" label="matches" />}
    </span>
  );
}
