import { useEffect, useId, useRef, useState } from 'react';
import type { OptionInfo } from '../../src/engine';
import { cx, Icon } from '../ui';
import { Help } from './Help';

interface FieldProps {
  readonly label: string;
  readonly option: OptionInfo;
  readonly values: readonly string[];
  /** The value as it was when the rule was opened, if it is another one now. */
  readonly was: string | null;
  readonly known: Known;
  readonly invalid: boolean;
  readonly testid: string;
  readonly onChange: (values: readonly string[]) => void;
}

/** What a field may offer. */
export interface Known {
  readonly interfaces: readonly string[];
  readonly sets: readonly string[];
  readonly addresses: readonly string[];
}

/** Kinds whose value is a list of words out of a few. */
const SEVERAL: ReadonlySet<string> = new Set(['ct-states', 'ct-statuses', 'addr-types', 'hash-modes', 'event-list']);
const CHOICE: ReadonlySet<string> = new Set(['choice', 'log-level']);
const NUMERIC = /^uint\d+$/;

const BOX =
  'flex min-h-[34px] w-full items-center gap-2 rounded-control border bg-panel px-[9px] pointer-coarse:min-h-11 focus-within:border-focus focus-within:shadow-[0_0_0_1px_var(--focus)] focus-within:bg-card';

/** The right field for the kind of value that an option takes. It knows kinds, not options. */
export function Field(props: FieldProps) {
  const { option, values, known, onChange, label, testid } = props;
  const [value = '', second = ''] = values;
  if (option.kind === 'none')
    return (
      <span className="text-[13px] text-t2">
        <Help text={option.help} />
      </span>
    );
  if (option.kind === 'tcp-flags') {
    const words = option.values.filter((v) => v !== 'ALL' && v !== 'NONE');
    return (
      <div className="flex flex-col gap-1">
        <Words
          {...props}
          label={`${label}: looked at`}
          words={words}
          value={value}
          lead="of"
          onValue={(v) => onChange([v, second])}
        />
        <Words
          {...props}
          label={`${label}: set`}
          words={words}
          value={second}
          lead="set"
          onValue={(v) => onChange([value, v])}
          none="NONE"
        />
      </div>
    );
  }
  if (SEVERAL.has(option.kind)) {
    return <Words {...props} words={option.values} value={value} onValue={(v) => onChange([v])} />;
  }
  if (CHOICE.has(option.kind) && option.values.length > 0) {
    const listed = option.values.includes(value) ? option.values : [value, ...option.values];
    return (
      <select
        aria-label={label}
        data-testid={testid}
        className={cx(BOX, 'mono border-line-2 text-[14px]')}
        value={value}
        onChange={(e) => onChange([e.target.value])}
      >
        {listed.map((v) => (
          <option key={v} value={v}>
            {v}
          </option>
        ))}
      </select>
    );
  }
  if (option.kind === 'set') {
    return (
      <div className="grid grid-cols-[minmax(0,1fr)_92px] gap-1">
        <TextField {...props} value={value} offers={known.sets} onValue={(v) => onChange([v, second])} />
        <TextField
          {...props}
          label={`${label}: which parts`}
          testid={`${testid}-parts`}
          value={second}
          offers={['src', 'dst', 'src,src', 'dst,dst', 'src,dst']}
          was={null}
          onValue={(v) => onChange([value, v])}
        />
      </div>
    );
  }
  if (option.twoValues) {
    return (
      <div className="grid grid-cols-2 gap-1">
        <TextField {...props} value={value} offers={[]} onValue={(v) => onChange([v, second])} />
        <TextField
          {...props}
          label={`${label}: second`}
          testid={`${testid}-second`}
          value={second}
          offers={[]}
          was={null}
          onValue={(v) => onChange([value, v])}
        />
      </div>
    );
  }
  const offers =
    option.kind === 'interface'
      ? known.interfaces
      : option.kind === 'networks' || option.kind === 'address'
        ? known.addresses
        : option.values;
  return <TextField {...props} value={value} offers={offers} onValue={(v) => onChange([v])} />;
}

interface TextProps extends Omit<FieldProps, 'values' | 'onChange'> {
  readonly value: string;
  readonly offers: readonly string[];
  readonly onValue: (value: string) => void;
}

function TextField({ label, option, value, was, invalid, testid, offers, onValue }: TextProps) {
  const id = useId();
  const [draft, setDraft] = useDraft(value);
  return (
    <div className={cx(BOX, invalid ? 'border-bad' : 'border-line-2')}>
      {was !== null && was !== draft && (
        <s className="mono flex-none text-[14px] text-t3" title={`It was ${was}`}>
          {was}
        </s>
      )}
      <input
        aria-label={label}
        aria-invalid={invalid}
        data-testid={testid}
        className="mono w-full min-w-0 bg-transparent text-[14px] outline-none pointer-coarse:text-[16px]"
        value={draft}
        inputMode={NUMERIC.test(option.kind) ? 'numeric' : 'text'}
        list={offers.length > 0 ? id : undefined}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        onChange={(e) => {
          setDraft(e.target.value);
          // An option without a value is none: the text keeps the last one until there is another.
          if (e.target.value.trim() !== '') onValue(e.target.value);
        }}
        onBlur={() => setDraft(value)}
      />
      {offers.length > 0 && (
        <datalist id={id}>
          {offers.map((offer) => (
            <option key={offer} value={offer} />
          ))}
        </datalist>
      )}
    </div>
  );
}

/** What is typed stays as typed while it is sent on; what comes from elsewhere (undo, the text) replaces it. */
export function useDraft(value: string): readonly [string, (draft: string) => void] {
  const [draft, setDraft] = useState(value);
  const mine = useRef(value);
  useEffect(() => {
    if (value === mine.current) return;
    mine.current = value;
    setDraft(value);
  }, [value]);
  const set = (next: string): void => {
    if (next.trim() !== '') mine.current = next;
    setDraft(next);
  };
  return [draft, set];
}

interface WordsProps extends Omit<FieldProps, 'values' | 'onChange'> {
  readonly words: readonly string[];
  readonly value: string;
  readonly lead?: string;
  /** What stands for no word at all; without it the last one cannot be taken away. */
  readonly none?: string;
  readonly onValue: (value: string) => void;
}

/** Words of which several may be on. */
function Words({ label, words, value, was, invalid, lead, none, testid, onValue }: WordsProps) {
  const on = new Set(value.split(',').map((w) => w.toUpperCase()));
  const all = on.has('ALL');
  const isOn = (word: string): boolean => all || on.has(word.toUpperCase());
  const toggle = (word: string): void => {
    const next = words.filter((w) => (w === word ? !isOn(w) : isOn(w)));
    if (next.length > 0) onValue(next.join(','));
    else if (none !== undefined) onValue(none);
  };
  const [open, setOpen] = useState(false);
  const differs = was !== null && lead === undefined;
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        aria-label={`${label}: ${value}`}
        data-testid={testid}
        className={cx(BOX, 'border-line-2 text-left', invalid && 'border-bad')}
        onClick={() => setOpen(!open)}
      >
        {lead !== undefined && <span className="text-[12.5px] text-t3">{lead}</span>}
        {differs && <s className="mono flex-none text-[14px] text-t3">{was}</s>}
        <span className="mono min-w-0 flex-1 text-[14px] wrap-anywhere">{value}</span>
        <Icon name={open ? 'up' : 'down'} size={13} className="text-t3" />
      </button>
      {open && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a flex row with its legend
        <div role="group" aria-label={label} className="mt-1 flex flex-wrap items-center gap-1">
          {words.map((word) => (
            <button
              key={word}
              type="button"
              aria-pressed={isOn(word)}
              className={cx(
                'mono h-7 rounded-[7px] border px-[7px] text-[12.5px] pointer-coarse:h-11',
                isOn(word) ? 'border-btn bg-btn text-btn-ink' : 'border-line-2 text-t2 hover:bg-raised',
              )}
              onClick={() => toggle(word)}
            >
              {word}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
