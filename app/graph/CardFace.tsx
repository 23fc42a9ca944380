import { memo } from 'react';
import { stores } from '../store';
import { cx, Glyph, Icon } from '../ui';
import { shallow } from './shallow';
import type { CardState, PlaceState } from './walk';

interface FaceProps {
  /** Host and family: what is selected by a click. */
  readonly of: string;
  readonly name: string;
  readonly testid: string;
  readonly hue: string;
  readonly round: boolean;
  readonly small: boolean;
  readonly selected: boolean;
  readonly state: PlaceState;
  readonly text: string;
  readonly mark: CardState['mark'];
  readonly isTable: boolean;
  readonly rules: number;
  readonly policy: string;
  readonly subsystem: string;
  readonly priority: number;
  readonly reroute: boolean;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly row: number;
  readonly mainY: number;
  readonly chains: readonly (CardState & { readonly chain: string; readonly y: number; readonly h: number })[];
  readonly onSelect: (chain?: string) => void;
}

const WHY_SKIPPED: Readonly<Record<string, string>> = {
  'skipped: known': 'nat chains are asked only for the first packet of a flow; this flow is known already',
  'skipped: untracked': 'nat needs conntrack, and this packet is not tracked',
  'conntrack is off': 'no rule needs conntrack, so nothing is translated and the chain is not asked',
  'skipped: invalid': 'a packet that conntrack calls INVALID is not translated',
};

const QUIET: Readonly<Record<string, string>> = {
  conntrack: 'tracks flows',
  confirm: 'confirms flows',
  defrag: 'puts pieces together',
};

/** A beat changes one card or two: the others stay as they are. */
export const CardFace = memo(function CardFace(p: FaceProps) {
  const policy = p.policy === 'DROP' ? <span className="tcard-drop">DROP</span> : p.policy;
  const rules = p.rules === 0 ? 'no rules' : `${p.rules} rule${p.rules === 1 ? '' : 's'}`;
  const priority = `priority ${String(p.priority).replace('-', '−')}`;
  const quiet = p.small ? (
    p.isTable ? (
      <>
        {p.rules}
        {p.policy === 'DROP' && <> · {policy}</>}
      </>
    ) : null
  ) : p.isTable ? (
    <>
      {rules}
      {p.policy !== '' && (p.rules > 0 || p.policy === 'DROP') && <> · {policy}</>}
    </>
  ) : (
    (QUIET[p.subsystem] ?? priority)
  );
  const quietTitle = p.subsystem === 'user' && p.small ? `${p.name}, ${priority}` : undefined;
  // One line has room for the name and the mark; words only where they fit.
  const short = shorten(p.text);
  const room = p.w - 22 - p.name.length * 8.4 - (p.mark === null ? 0 : 24) - (p.reroute ? 21 : 0);
  const text = p.text === '' ? quiet : !p.small ? p.text : short.length * 7 > room ? null : short;
  return (
    <div
      className={cx('tcard', `hue-${p.hue}`)}
      style={{ left: p.x, top: p.y, width: p.w, height: p.h }}
      data-state={p.state}
      data-testid={p.testid}
      title={p.state === 'skipped' ? (WHY_SKIPPED[p.text] ?? p.text) : p.text === '' ? quietTitle : p.text}
      {...(p.round ? { 'data-round': '' } : {})}
      {...(p.small ? { 'data-small': '' } : {})}
      {...(p.selected ? { 'data-selected': '' } : {})}
    >
      <button
        type="button"
        tabIndex={-1}
        data-card=""
        className="tcard-main"
        style={{ top: p.mainY, height: p.row - 2 }}
        onClick={() => p.onSelect()}
        onDoubleClick={() => stores.view.getState().setOverlay('editor')}
        onKeyDown={(e) => {
          if (e.key === 'Enter') {
            p.onSelect();
            stores.view.getState().setTab(p.isTable ? 'chain' : 'conntrack');
          }
        }}
      >
        <b>
          <span className="min-w-0 truncate">{p.name}</span>
          {!p.small && <Mark mark={p.mark} />}
        </b>
        {text !== null && text !== '' && <i>{text}</i>}
        {p.reroute && p.small && (
          <span
            className="text-routing opacity-85"
            title="If the packet's mark or destination changes here, it is routed again."
          >
            <Icon name="loop" size={14} />
          </span>
        )}
        {p.small && <Mark mark={p.mark} />}
      </button>
      {p.chains.map((c) => (
        <button
          type="button"
          tabIndex={-1}
          data-card=""
          key={c.chain}
          className="tchain"
          style={{ top: c.y, height: c.h }}
          data-state={c.state}
          data-testid={`${p.testid}-${c.chain}`}
          title={`${c.chain}${c.text === '' ? '' : `: ${c.text}`}`}
          onClick={() => p.onSelect(c.chain)}
        >
          <span>{c.chain}</span>
          {c.state === 'matched' || c.state === 'current' || c.state === 'dropped' ? (
            <>
              <span className="flex-1" />
              <Mark mark={c.mark} small />
            </>
          ) : null}
        </button>
      ))}
    </div>
  );
}, sameFace);

/** What happens on a click follows from the rest; chains are made anew with every beat. */
function sameFace(
  { chains, onSelect: _, ...rest }: FaceProps,
  { chains: others, onSelect: __, ...other }: FaceProps,
): boolean {
  return (
    shallow<object>(rest, other) &&
    chains.length === others.length &&
    chains.every((chain, i) => shallow<object>(chain, others[i] ?? {}))
  );
}

/** One line has room for few words. */
function shorten(text: string): string {
  return text
    .replace(/^skipped: .*/, 'skipped')
    .replace(/^rule (\d+) (·|matches).*/, 'rule $1')
    .replace('policy DROP', '');
}

const MARK_LABELS: Readonly<Record<NonNullable<CardState['mark']>, string>> = {
  pass: 'passed',
  hit: 'a rule matched',
  nat: 'rewritten',
  bad: 'dropped',
  rej: 'rejected',
  jump: 'jumped',
  ret: 'returned',
  new: 'flow not confirmed yet',
  conf: 'flow confirmed',
};

const Mark = memo(function Mark({
  mark,
  small = false,
}: {
  readonly mark: CardState['mark'];
  readonly small?: boolean;
}) {
  if (mark === null) return null;
  const size = small ? 13 : mark === 'nat' ? 18 : mark === 'pass' || mark === 'ret' ? 15 : 16;
  return (
    <span className="tcard-mark" data-mark={mark}>
      <Glyph name={mark} size={size} label={MARK_LABELS[mark]} />
    </span>
  );
});
