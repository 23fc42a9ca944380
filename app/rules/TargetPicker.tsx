import { useEffect, useRef, useState } from 'react';
import type { ExtensionInfo } from '../../src/engine';
import { Button, cx, Glyph, type GlyphName, glyphColour, Icon, Menu, type MenuItem, targetGlyph } from '../ui';
import type { PickerProps } from './AddMatch';
import { whyNot } from './allowed';
import { ChainName } from './ChainName';
import { useActions, useJumpChains, useKnown } from './context';
import { firstValue, setTarget, targetOf, word } from './forms';
import { MAIN_TARGETS, plainHelp } from './words';

const CHOSEN: Readonly<Partial<Record<GlyphName, string>>> = {
  ok: 'border-ok bg-ok-w',
  bad: 'border-bad bg-bad-w',
  rej: 'border-rej bg-rej-w',
  nat: 'border-nat bg-nat-w',
};

const BUTTON =
  'inline-flex h-[34px] items-center gap-[7px] rounded-control border px-[11px] text-[14px] font-semibold pointer-coarse:h-11';

/** What is done with a packet that matches. */
export function TargetPicker({ id, form, place, catalogue }: PickerProps) {
  const { change, jumpToNew } = useActions();
  const known = useKnown();
  const chains = useJumpChains();
  const target = targetOf(form);
  const isChain =
    target.name !== '' && target.part?.extension === '' && !catalogue.verdicts.some((v) => v.name === target.name);
  const [asksChain, setAsksChain] = useState(false);
  const all = [...catalogue.verdicts, ...catalogue.targets].filter((t) => t.families.includes(place.family));
  const byName = (name: string): ExtensionInfo | undefined => all.find((t) => t.name === name);
  const main = (MAIN_TARGETS[place.table] ?? MAIN_TARGETS.filter ?? []).flatMap((name) => byName(name) ?? []);
  const shown = place.table === 'nat' ? main.filter((t) => whyNot(t, place) === null || t.name === target.name) : main;
  // What can be chosen here comes first; below it, quieter, why the others cannot.
  const rest = all.filter((t) => !shown.includes(t));
  const can = rest.filter((t) => whyNot(t, place) === null);
  const choose = (info: ExtensionInfo): void => {
    setAsksChain(false);
    void change(id, (f) => {
      const words = info.options
        .filter((o) => o.required)
        .flatMap((o) => [`--${o.flag}`, ...firstValue(o, known).map(word)]);
      return setTarget(f, [info.name, ...(words.length > 0 ? words : (STARTS[info.name] ?? []))].join(' '));
    });
  };
  const jump = (chain: string, goto: boolean): void => {
    setAsksChain(false);
    void change(id, (f) => setTarget(f, chain, goto));
  };
  const inMore = rest.some((t) => t.name === target.name);
  const item = (info: ExtensionInfo): MenuItem => {
    const reason = whyNot(info, place);
    return {
      key: info.name,
      label: (
        <span className="flex max-w-[330px] items-baseline gap-2">
          <span className={reason === null ? 'font-semibold' : ''}>{info.name}</span>
          <span className={cx('text-[12.5px]', reason === null && 'text-t3')}>{reason ?? info.title}</span>
        </span>
      ),
      disabled: reason !== null,
      checked: info.name === target.name,
      testid: `target-${info.name}`,
      run: () => choose(info),
    };
  };
  return (
    <div className="flex flex-wrap items-center gap-[6px] pt-[11px] pb-2" data-testid="target-picker">
      <span className="w-[64px] font-semibold text-[14px]">Target</span>
      {shown.map((info) => {
        const reason = whyNot(info, place);
        const glyph = targetGlyph(info.name);
        const on = target.name === info.name;
        return (
          <button
            key={info.name}
            type="button"
            aria-pressed={on}
            aria-disabled={reason !== null}
            title={reason ?? `${info.title}: ${plainHelp(info.help)}`}
            data-testid={`target-${info.name}`}
            className={cx(
              BUTTON,
              on
                ? `border-2 ${(glyph !== null && CHOSEN[glyph]) || 'border-btn bg-raised'}`
                : reason === null
                  ? 'border-line-2 bg-card hover:bg-raised'
                  : 'cursor-default border-line border-dashed text-faint',
            )}
            onClick={() => {
              if (reason === null && !on) choose(info);
            }}
          >
            {glyph !== null && glyph !== 'jump' && (
              <Glyph name={glyph} size={17} className={reason === null ? glyphColour(glyph) : 'text-faint'} />
            )}
            {info.name}
          </button>
        );
      })}
      <button
        type="button"
        aria-pressed={isChain}
        aria-expanded={isChain || asksChain}
        data-testid="target-chain"
        title="Go on in a chain of your own"
        className={cx(BUTTON, isChain ? 'border-2 border-btn bg-raised' : 'border-line-2 bg-card hover:bg-raised')}
        onClick={() => {
          const [first] = chains;
          if (isChain) return;
          if (first !== undefined && chains.length === 1) jump(first, false);
          else setAsksChain(!asksChain);
        }}
      >
        <Glyph name="jump" size={15} className="text-t2" />
        Chain
      </button>
      <Menu
        label="More targets"
        testid="target-more"
        className={cx(BUTTON, inMore ? 'border-2 border-btn bg-raised' : 'border-line-2 bg-card hover:bg-raised')}
        items={[
          ...can.map(item),
          {
            key: 'none',
            label: 'No target: count only',
            checked: target.name === '',
            testid: 'target-none',
            run: () => void change(id, (f) => setTarget(f, '')),
          },
          ...rest.filter((t) => !can.includes(t)).map(item),
        ]}
      >
        {inMore ? target.name : 'More'} <Icon name="down" size={13} />
      </Menu>
      {(isChain || asksChain) && (
        <ChainChoice
          chain={isChain ? target.name : null}
          goto={target.goto}
          chains={chains}
          onJump={jump}
          onNew={(name) => void jumpToNew(id, name)}
        />
      )}
    </div>
  );
}

/** Which chain of one's own a packet goes on in, and whether it comes back. */
function ChainChoice({
  chain,
  goto,
  chains,
  onJump,
  onNew,
}: {
  /** Null while none is chosen. */
  readonly chain: string | null;
  readonly goto: boolean;
  readonly chains: readonly string[];
  readonly onJump: (chain: string, goto: boolean) => void;
  readonly onNew: (chain: string) => void;
}) {
  const [naming, setNaming] = useState(false);
  const choice = useRef<HTMLSelectElement>(null);
  // What was named has taken the focus with it.
  useEffect(() => {
    if (chain !== null && !naming && document.activeElement === document.body) choice.current?.focus();
  }, [chain, naming]);
  if (naming) return <ChainName onName={onNew} onDone={() => setNaming(false)} />;
  return (
    <span className="flex items-center gap-[6px]">
      {chain === null && chains.length === 0 ? (
        <span className="text-[13px] text-t2">No chain of your own yet.</span>
      ) : (
        <select
          ref={choice}
          aria-label="Chain to go on in"
          data-testid="target-chain-name"
          className="mono h-[34px] max-w-[200px] rounded-control border border-line-2 bg-panel px-2 text-[14px] pointer-coarse:h-11"
          value={chain ?? ''}
          onChange={(e) => onJump(e.target.value, goto)}
        >
          {chain === null && (
            <option value="" disabled>
              which chain?
            </option>
          )}
          {chain !== null && !chains.includes(chain) && <option value={chain}>{chain}</option>}
          {chains.map((c) => (
            <option key={c} value={c}>
              {c}
            </option>
          ))}
        </select>
      )}
      {chain !== null && (
        <button
          type="button"
          aria-pressed={goto}
          title="A packet that comes back from the chain does not come back here, but to the chain before"
          className={cx(
            'h-[30px] rounded-[8px] border px-2 text-[13px] pointer-coarse:h-11',
            goto ? 'border-btn bg-btn text-btn-ink' : 'border-line-2 text-t2',
          )}
          onClick={() => onJump(chain, !goto)}
        >
          goto
        </button>
      )}
      <Button
        size="sm"
        icon="plus"
        className="h-[30px] pointer-coarse:h-11"
        data-testid="target-chain-new"
        onClick={() => setNaming(true)}
      >
        New chain
      </Button>
    </span>
  );
}

/** Options without which a target does nothing, though the tool lets it stand. */
const STARTS: Readonly<Record<string, readonly string[]>> = {
  MARK: ['--set-mark', '0x1'],
  CONNMARK: ['--save-mark'],
  CT: ['--notrack'],
  TTL: ['--ttl-dec', '1'],
  HL: ['--hl-dec', '1'],
  DSCP: ['--set-dscp', '46'],
  TOS: ['--set-tos', '0x10'],
  TCPMSS: ['--clamp-mss-to-pmtu'],
  SET: ['--add-set', 'set', 'src'],
};
