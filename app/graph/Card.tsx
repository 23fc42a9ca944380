import { memo, type ReactNode } from 'react';
import type { HookFamily } from '../../src/model';
import { stores, useView } from '../store';
import { counted, cx, Glyph, Icon, Tip, thin } from '../ui';
import type { CardBox, HookBox } from './boxes';
import type { CardState } from './cardStates';
import { Middle, shortNames } from './Middle';
import { shallow } from './shallow';

interface CardProps {
  readonly host: string;
  readonly family: HookFamily;
  readonly card: CardBox;
  /** The hook that it is in. */
  readonly box: HookBox;
  /** What the packet made of it. */
  readonly known: CardState;
  /** The same for its chains. */
  readonly chains: readonly CardState[];
}

export const IDLE: CardState = { state: 'idle', text: '', mark: null };

const WHY_SKIPPED: Readonly<Record<string, string>> = {
  'skipped: known': 'nat chains are asked only for the first packet of a flow; this flow is known already',
  'skipped: untracked': 'nat needs conntrack, and this packet is not tracked',
  'conntrack is off': 'no rule needs conntrack, so nothing is translated and the chain is not asked',
  'skipped: invalid': 'a packet that conntrack calls INVALID is not translated',
};

const QUIET: Readonly<Record<string, string>> = {
  conntrack: 'tracks flows',
  synproxy: 'answers for servers',
  confirm: 'confirms flows',
  defrag: 'puts pieces together',
};

/** What is registered at a hook. A beat changes one card or two: the others stay as they are. */
export const Card = memo(function Card({ host, family, card, box, known, chains }: CardProps) {
  const { fn, hook } = card;
  const { small } = box;
  const { state, text, mark } = known;
  const selected = useView(({ selection }) => {
    if (selection?.host !== host) return false;
    if (selection.kind === 'function') return selection.hook === hook && selection.fn === fn.name;
    return selection.kind === 'chain' && selection.table === fn.table && selection.chain === hook;
  });
  const select = (chain: string = hook): void => {
    const tracks = fn.subsystem === 'conntrack' || fn.subsystem === 'confirm';
    if (fn.table === null)
      stores.view
        .getState()
        .select({ kind: 'function', host, family, hook, fn: fn.name }, tracks ? 'conntrack' : 'chain');
    else stores.view.getState().select({ kind: 'chain', host, family, table: fn.table, chain }, 'chain');
  };
  const name = fn.table ?? fn.name;
  const names = shortNames(
    card.chains.map((c) => c.chain),
    hook,
  );
  const testid = `chain-${name.replaceAll(/\s+/g, '-')}-${hook}`;
  const row = small ? 28 : 44;
  const quietTitle = small ? wholeText(fn, name) : undefined;
  // One line has room for the name and the mark; words only where they fit.
  const short = shorten(text);
  const room = card.w - 29 - nameWidth(name) - (mark === null ? 0 : 22) - (card.reroute ? 21 : 0);
  const words =
    text === '' ? atRest(card, small ? room : null) : !small ? fitting(text) : short.length * 7 > room ? null : short;
  return (
    <div
      className={cx('tcard', `hue-${card.hue}`)}
      style={{ left: card.x - box.x, top: card.y - box.y, width: card.w, height: card.h }}
      data-state={state}
      data-testid={testid}
      title={state === 'skipped' ? (WHY_SKIPPED[text] ?? text) : text === '' ? quietTitle : text}
      {...(card.round ? { 'data-round': '' } : {})}
      {...(small ? { 'data-small': '' } : {})}
      {...(selected ? { 'data-selected': '' } : {})}
    >
      <button
        type="button"
        tabIndex={-1}
        data-card=""
        className="tcard-main"
        style={{ top: card.station - row / 2 - card.y, height: row - 2 }}
        onClick={() => select()}
        onDoubleClick={() => stores.view.getState().setOverlay('editor')}
        onKeyDown={(e) => {
          if (e.key === 'Enter') {
            select();
            stores.view.getState().setTab(fn.table === null ? 'conntrack' : 'chain');
          }
        }}
      >
        <b>
          <span className="min-w-0 truncate">{name}</span>
          {!small && <Mark mark={mark} />}
        </b>
        {words !== null && words !== '' && <i>{words}</i>}
        {card.reroute && small && (
          <span
            className="text-routing opacity-85"
            title="If the packet's mark or destination changes here, it is routed again."
          >
            <Icon name="loop" size={14} />
          </span>
        )}
        {small && <Mark mark={mark} />}
      </button>
      {card.chains.map((c, i) => {
        const s = chains[i] ?? IDLE;
        const label = s.text === '' ? c.chain : `${c.chain}: ${s.text}`;
        return (
          <Tip key={c.chain} text={label}>
            <button
              type="button"
              tabIndex={-1}
              data-card=""
              className="tchain"
              style={{ top: c.y - card.y, height: c.h }}
              data-state={s.state}
              data-testid={`${testid}-${c.chain}`}
              aria-label={label}
              onClick={() => select(c.chain)}
            >
              <span className="flex min-w-0">
                <Middle name={names[i] ?? c.chain} end={names[i]?.endsWith('…') ? 0 : 6} />
              </span>
              {s.state === 'matched' || s.state === 'current' || s.state === 'dropped' ? (
                <>
                  <span className="flex-1" />
                  <Mark mark={s.mark} small />
                </>
              ) : null}
            </button>
          </Tip>
        );
      })}
    </div>
  );
}, sameCard);

function sameCard({ known, chains, ...rest }: CardProps, { known: now, chains: others, ...other }: CardProps): boolean {
  return (
    shallow(rest, other) &&
    shallow(known, now) &&
    chains.length === others.length &&
    chains.every((chain, i) => shallow(chain, others[i] ?? IDLE))
  );
}

const priorityText = ({ priority }: CardBox['fn']): string => `priority ${String(priority).replace('-', '−')}`;

/** What one line may have no room for. */
function wholeText(fn: CardBox['fn'], name: string): string | undefined {
  if (fn.table !== null) return [name, counted(fn.rules, 'rule'), fn.policy].filter(Boolean).join(', ');
  return fn.subsystem === 'user' ? `${name}, ${priorityText(fn)}` : undefined;
}

/** Pixels that the name on a card takes, about. */
function nameWidth(name: string): number {
  const widths = [...name].map((letter) => (/[fijlrt]/.test(letter) ? 5.2 : /[mw]/.test(letter) ? 13 : 8.4));
  return widths.reduce((sum, w) => sum + w, 0);
}

/** What a card says of itself, before the packet has been there; in one line (`room`: of it, in pixels) as it fits. */
function atRest({ fn, w }: CardBox, room: number | null): ReactNode {
  if (fn.table === null) return room === null ? (QUIET[fn.subsystem] ?? priorityText(fn)) : null;
  const said = fn.rules === 0 ? 'no rules' : counted(fn.rules, 'rule');
  // Where both do not fit, the policy says more than the word.
  const rules = room !== null || (said.length + 3 + fn.policy.length) * 6.3 > w - 20 ? thin(fn.rules) : said;
  const fits = (pixels: number): boolean => room === null || pixels <= room;
  if (fn.policy === 'DROP') {
    const drop = <span className="tcard-drop">DROP</span>;
    if (!fits(rules.length * 8 + 46)) return fits(36) ? drop : null;
    return (
      <>
        {rules} · {drop}
      </>
    );
  }
  if (room !== null) return fits(rules.length * 8) ? rules : null;
  return fn.policy === '' || fn.rules === 0 ? said : `${rules} · ${fn.policy}`;
}

/** The name of a long target says more than the word before it: "1 · MASQUERADE". */
const fitting = (text: string): string => (text.length > 17 ? text.replace(/^rule /, '') : text);

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
