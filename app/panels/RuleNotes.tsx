import type { KeptState } from '../../src/engine';
import { cx } from '../ui';
import { bitsText } from './bits';
import type { MarkUse } from './plainNames';
import { hex } from './tuples';

const SHOWN = 4;

/** What an extension of the rule keeps from packet to packet, at this moment. */
export function Kept({ kept }: { readonly kept: KeptState }) {
  const rows = kept.rows ?? [];
  return (
    <div className="mt-2 rounded-[8px] bg-well px-[9px] py-[6px] text-[12.5px]" data-testid={`kept-${kept.what}`}>
      <p className="text-t2 wrap-anywhere">
        <b className="mono mr-[6px] font-semibold text-t1">{kept.what}</b>
        {kept.value}
      </p>
      {kept.share !== undefined && <Share share={kept.share} />}
      {rows.length > 0 && (
        <ul className="m-0 mt-1 list-none p-0">
          {rows
            .slice(-SHOWN)
            .toReversed()
            .map((row) => (
              <li key={row.key} className="py-[2px]">
                <span className="flex flex-wrap items-baseline gap-x-2">
                  <span className="mono max-w-full text-t1 wrap-anywhere">{row.key}</span>
                  <span className="grow basis-[150px] text-right text-t2">{row.text}</span>
                </span>
                {row.share !== undefined && <Share share={row.share} />}
              </li>
            ))}
          {rows.length > SHOWN && (
            <li>
              <details>
                <summary className="min-h-7 cursor-pointer text-t2">and {rows.length - SHOWN} more</summary>
                {rows
                  .slice(0, -SHOWN)
                  .toReversed()
                  .map((row) => (
                    <p key={row.key} className="flex flex-wrap items-baseline gap-x-2 py-[2px]">
                      <span className="mono max-w-full text-t1 wrap-anywhere">{row.key}</span>
                      <span className="grow basis-[150px] text-right text-t2">{row.text}</span>
                    </p>
                  ))}
              </details>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

function Share({ share }: { readonly share: number }) {
  return (
    <span className="mt-[3px] mb-[2px] block h-[5px] overflow-hidden rounded-full bg-line" aria-hidden="true">
      <span
        className={cx('block h-full rounded-full', share <= 0 ? 'bg-bad' : 'bg-conntrack')}
        style={{ width: `${Math.max(0, Math.min(1, share)) * 100}%` }}
      />
    </span>
  );
}

const DOES: Readonly<Record<MarkUse['does'], string>> = {
  asks: 'must be',
  sets: 'becomes',
  saves: 'is taken from the mark of the packet',
  restores: 'is taken from the connmark',
};

/** A mark with its mask, bit by bit: those that count have a border. */
export function MarkBits({ use }: { readonly use: MarkUse }) {
  const { what, does, value, mask, negated, had } = use;
  const whole = mask === 0xffffffff;
  const moves = does === 'saves' || does === 'restores';
  return (
    <div className="mt-2 rounded-[8px] bg-well px-[9px] py-[6px] text-[12.5px]" data-testid={`mark-${does}`}>
      <p className="text-t2">
        <b className="mono mr-[6px] font-semibold text-t1">{what}</b>
        {!whole && (
          <>
            {bitsText(mask)} <span className="text-t3">(mask {hex(mask)})</span>{' '}
          </>
        )}
        {negated ? 'must not be' : DOES[does]}
        {!moves && (
          <>
            {' '}
            <span className="mono text-t1">{hex(value)}</span>
            {value !== 0 && ` (${bitsText(value)})`}
          </>
        )}
      </p>
      {!moves && <Row name={does === 'asks' ? 'asked' : 'set'} value={value} mask={mask} />}
      {had !== null && <Row name="was" value={had} mask={mask} wanted={value} />}
    </div>
  );
}

/** 32 bits, the highest first. */
function Row({
  name,
  value,
  mask,
  wanted,
}: {
  readonly name: string;
  readonly value: number;
  readonly mask: number;
  /** A bit that counts and differs from it is marked. */
  readonly wanted?: number;
}) {
  const bits = Array.from({ length: 32 }, (_, i) => 31 - i);
  return (
    <div className="mt-1 flex items-center gap-2">
      <span className="w-[36px] flex-none text-t3">{name}</span>
      <span
        className="flex min-w-0 flex-1 gap-px"
        role="img"
        aria-label={`${hex(value)}, ${bitsText(value) || 'no bit set'}`}
      >
        {bits.map((bit) => {
          const on = ((value >>> bit) & 1) === 1;
          const counts = ((mask >>> bit) & 1) === 1;
          const differs = wanted !== undefined && counts && (((wanted ^ value) >>> bit) & 1) === 1;
          return (
            <span
              key={bit}
              className={cx(
                'h-[10px] min-w-[2px] max-w-[4px] flex-1 rounded-[1px] border',
                bit % 8 === 0 && bit > 0 && 'mr-[4px]',
                differs ? 'border-bad' : counts ? 'border-line-2' : 'border-transparent',
                on ? (differs ? 'bg-bad' : counts ? 'bg-mangle' : 'bg-line-2') : counts ? '' : 'bg-line',
              )}
            />
          );
        })}
      </span>
      <span className="mono flex-none text-t2">{hex(value)}</span>
    </div>
  );
}
