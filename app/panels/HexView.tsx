import { useState } from 'react';
import { cx } from '../ui';
import type { HeaderField } from './headers';

const ROW = 8;

/** The packet's bytes, eight a line, with the field that a byte belongs to. What differs from before is violet. */
export function HexView({
  bytes,
  before,
  fields,
}: {
  readonly bytes: Uint8Array;
  readonly before: Uint8Array | null;
  readonly fields: readonly HeaderField[];
}) {
  const [at, setAt] = useState<number | null>(null);
  const field = at === null ? undefined : fields.find((f) => f.at <= at && at < f.at + f.length);
  const differs = (i: number): boolean => before !== null && before[i] !== bytes[i];
  // An address of which one byte differs is another address: its field is marked as a whole.
  const marked = new Set<number>();
  for (const f of fields) {
    const places = Array.from({ length: f.name === 'data' ? 0 : f.length }, (_, i) => f.at + i);
    if (places.some(differs)) for (const place of places) marked.add(place);
  }
  const changed = (i: number): boolean => marked.has(i) || differs(i);
  const rows = Array.from({ length: Math.ceil(bytes.length / ROW) }, (_, i) => i * ROW);
  return (
    <div data-testid="hex">
      <p className="min-h-[40px] pb-2 text-[13px] text-t2" aria-live="polite">
        {field === undefined ? (
          `${bytes.length} bytes. Point at one to see its field.`
        ) : (
          <>
            {field.layer} <b className="font-semibold text-t1">{field.name}</b>{' '}
            <span className="mono wrap-anywhere">{field.value.slice(0, 60)}</span>
          </>
        )}
      </p>
      <div className="mono overflow-x-auto text-[12.5px] leading-[22px]" onPointerLeave={() => setAt(null)}>
        {rows.map((row) => (
          <div key={row} className="flex gap-3 whitespace-pre">
            <span className="w-8 text-right text-t3">{row.toString(16).padStart(4, '0')}</span>
            <span className="flex">
              {[...bytes.subarray(row, row + ROW)].map((byte, i) => {
                const here = row + i;
                const lit = field !== undefined && field.at <= here && here < field.at + field.length;
                return (
                  <span
                    // biome-ignore lint/suspicious/noArrayIndexKey: a byte is its place
                    key={i}
                    className={cx('rounded-[3px] px-[4px]', lit && 'bg-raised', changed(here) && 'font-bold text-nat')}
                    onPointerEnter={() => setAt(here)}
                    onPointerDown={() => setAt(here)}
                  >
                    {byte.toString(16).padStart(2, '0')}
                  </span>
                );
              })}
            </span>
            <span className="ml-auto text-t3">
              {[...bytes.subarray(row, row + ROW)]
                .map((c) => (c >= 32 && c < 127 ? String.fromCharCode(c) : '·'))
                .join('')}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}
