import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { cx, Icon, Knob } from '../ui';

const BOX =
  'h-[34px] w-full min-w-0 rounded-control border bg-panel px-[9px] text-[13.5px] text-t1 placeholder:text-t3 focus:bg-card pointer-coarse:h-11 pointer-coarse:text-[16px]';

interface TextBoxProps {
  readonly label: string;
  readonly value: string;
  /** Takes the text, and says what is wrong with it: wrong text stays in the field, and nowhere else. */
  readonly commit: (text: string) => string | null;
  readonly testid: string;
  /** What the engine says about the value that is in the lab. */
  readonly problem?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly help?: string | undefined;
  readonly offers?: readonly string[];
  readonly hideLabel?: boolean;
  readonly sans?: boolean;
  readonly className?: string;
  /** With Enter, or when the field is left: for names, which other things hang on. */
  readonly late?: boolean;
}

/** What is typed, and what is wrong with it; text that came from elsewhere (undo) takes its place. */
function useDraft(value: string, commit: (text: string) => string | null, late: boolean) {
  const [draft, setDraft] = useState<{ readonly text: string; readonly problem: string | null } | null>(null);
  const mine = useRef(value);
  useEffect(() => {
    if (value === mine.current) return;
    mine.current = value;
    setDraft(null);
  }, [value]);
  const take = (text: string): void => {
    const before = mine.current;
    mine.current = text.trim();
    const problem = commit(text.trim());
    if (problem !== null) mine.current = before;
    setDraft({ text, problem });
  };
  return {
    text: draft?.text ?? value,
    problem: draft?.problem ?? null,
    type: (text: string): void => (late ? setDraft({ text, problem: draft?.problem ?? null }) : take(text)),
    leave: (): void => {
      if (draft === null) return;
      if (late && draft.text.trim() !== value) take(draft.text);
      else if (draft.problem === null) setDraft(null);
    },
    settle: (): void => {
      if (draft !== null && late) take(draft.text);
    },
    drop: (): void => setDraft(null),
    wrong: draft !== null && draft.problem !== null,
  };
}

export function TextBox(props: TextBoxProps) {
  const {
    label,
    value,
    commit,
    testid,
    placeholder,
    help,
    offers,
    hideLabel = false,
    sans = false,
    late = false,
  } = props;
  const draft = useDraft(value, commit, late);
  const id = useId();
  const problem = draft.problem ?? props.problem;
  const note = problem !== undefined ? `${id}-problem` : help === undefined ? undefined : `${id}-help`;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', props.className)}>
      <label htmlFor={id} className={cx('text-[12.5px] text-t2', hideLabel && 'sr-only')}>
        {label}
      </label>
      <input
        id={id}
        value={draft.text}
        placeholder={placeholder}
        list={offers === undefined || offers.length === 0 ? undefined : `${id}-offers`}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        data-testid={testid}
        aria-invalid={problem !== undefined}
        {...(note === undefined ? {} : { 'aria-describedby': note })}
        className={cx(
          BOX,
          !sans && 'mono text-[13px]',
          problem === undefined ? 'border-line-2' : 'border-bad',
          '[&::-webkit-calendar-picker-indicator]:hidden!',
        )}
        onChange={(e) => draft.type(e.target.value)}
        onBlur={draft.leave}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && !e.nativeEvent.isComposing) draft.settle();
          else if (e.key === 'Escape' && (draft.wrong || late) && draft.text !== value) {
            e.stopPropagation();
            e.preventDefault();
            draft.drop();
          }
        }}
      />
      {offers !== undefined && offers.length > 0 && (
        <datalist id={`${id}-offers`}>
          {offers.map((offer) => (
            <option key={offer} value={offer} />
          ))}
        </datalist>
      )}
      {problem !== undefined ? (
        <Problem id={`${id}-problem`} text={problem} testid={`${testid}-problem`} />
      ) : (
        help !== undefined && (
          <span id={`${id}-help`} className="text-[12.5px] text-t3 leading-[1.4]">
            {help}
          </span>
        )
      )}
    </div>
  );
}

export function Problem({
  text,
  id,
  testid,
  children,
}: {
  readonly text: string;
  readonly id?: string;
  readonly testid?: string;
  readonly children?: ReactNode;
}) {
  return (
    <span
      id={id}
      role="alert"
      data-testid={testid}
      className="flex items-start gap-[6px] text-[12.5px] text-bad leading-[1.4]"
    >
      <Icon name="warn" size={14} className="mt-[2px]" />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{text}</span>
      {children}
    </span>
  );
}

/** One of a few. The browser's own list: works by touch, keyboard and screen reader as such lists do. */
export function Choice({
  label,
  value,
  options,
  onPick,
  testid,
  hideLabel = false,
  className,
  help,
  mono = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onPick: (value: string) => void;
  readonly testid: string;
  readonly hideLabel?: boolean;
  readonly className?: string;
  readonly help?: string;
  readonly mono?: boolean;
}) {
  const id = useId();
  const listed = options.some(([v]) => v === value) ? options : [...options, [value, value] as const];
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className={cx('text-[12.5px] text-t2', hideLabel && 'sr-only')}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        data-testid={testid}
        className={cx(BOX, 'border-line-2', mono && 'mono text-[13px]')}
        onChange={(e) => onPick(e.target.value)}
      >
        {listed.map(([v, text]) => (
          <option key={v} value={v}>
            {text}
          </option>
        ))}
      </select>
      {help !== undefined && <span className="text-[12.5px] text-t3 leading-[1.4]">{help}</span>}
    </div>
  );
}

export function Switch({
  label,
  on,
  onChange,
  testid,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly testid: string;
}) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-label={label}
      data-testid={testid}
      className="inline-flex h-8 flex-none items-center gap-[10px] text-left pointer-coarse:h-11"
      onClick={() => onChange(!on)}
    >
      <Knob on={on} />
      <span>{label}</span>
    </button>
  );
}

/** A thing that is edited: a card with a head that opens it. */
export function Row({
  open,
  onToggle,
  face,
  label,
  aside,
  testid,
  wrong = false,
  quiet = false,
  children,
}: {
  readonly open: boolean;
  readonly onToggle?: () => void;
  readonly face: ReactNode;
  readonly label: string;
  readonly aside?: ReactNode;
  readonly testid: string;
  readonly wrong?: boolean;
  readonly quiet?: boolean;
  readonly children?: ReactNode;
}) {
  return (
    <section
      aria-label={label}
      data-testid={testid}
      data-state={wrong ? 'wrong' : open ? 'open' : 'closed'}
      className={cx(
        'rounded-card border',
        quiet ? 'border-line border-dashed' : 'bg-card',
        open ? 'border-filter shadow-[0_0_0_1px_var(--filter)]' : wrong ? 'border-bad' : 'border-line',
      )}
    >
      <div className="flex min-h-[50px] flex-wrap items-center gap-x-2 pr-2 pl-[14px]">
        {onToggle === undefined ? (
          <div className="min-w-0 flex-1 basis-[130px] py-2">{face}</div>
        ) : (
          <button
            type="button"
            aria-expanded={open}
            aria-label={label}
            data-testid={`${testid}-face`}
            className="min-h-[50px] min-w-0 flex-1 basis-[130px] rounded-[8px] py-2 text-left"
            onClick={onToggle}
          >
            {face}
          </button>
        )}
        {aside}
      </div>
      {children}
    </section>
  );
}

/** The head of a form: what it is about, in a sentence, and what can be added. */
export function FormHead({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead: string;
  readonly children?: ReactNode;
}) {
  return (
    <header className="mb-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 className="text-[22px] leading-[1.25] tracking-[-0.02em]">{title}</h2>
        {children !== undefined && <div className="flex flex-wrap gap-2">{children}</div>}
      </div>
      <p className="mt-1 max-w-[62ch] text-t2">{lead}</p>
    </header>
  );
}

/** Fields side by side, as many as fit. */
export function Fields({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <div className={cx('grid grid-cols-[repeat(auto-fill,minmax(168px,1fr))] gap-x-4 gap-y-3', className)}>
      {children}
    </div>
  );
}
