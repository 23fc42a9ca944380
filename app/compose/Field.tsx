import type { InputHTMLAttributes, ReactNode } from 'react';
import { useId } from 'react';
import { cx } from '../ui';
import { change, judge, useComposer } from './composerStore';
import type { Draft, Field } from './draft';

type TextField = { [K in keyof Draft]: Draft[K] extends string ? K : never }[keyof Draft];

/** A labelled text field of the draft, with what is wrong with it below. */
export function TextInput({
  field,
  label,
  hint,
  mono = true,
  className,
  ...rest
}: {
  readonly field: TextField;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly mono?: boolean;
} & Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange'>) {
  const value = useComposer((s) => s.draft[field]);
  const problem = useComposer((s) => s.problems[field]);
  const id = useId();
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="font-[550] text-[12px] text-t3">
        {label}
      </label>
      <input
        id={id}
        value={value}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        data-testid={`composer-${field}`}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        className={cx(
          'h-[34px] w-full min-w-0 rounded-control border bg-card px-[9px] text-[12.5px] placeholder:text-t3 pointer-coarse:h-11 pointer-coarse:text-[16px] [&::-webkit-calendar-picker-indicator]:hidden!',
          mono && 'mono',
          problem === undefined ? 'border-line-2' : 'border-bad',
        )}
        onChange={(e) => change({ [field]: e.target.value })}
        onBlur={() => judge(field)}
        {...rest}
      />
      <Problem id={`${id}-problem`} text={problem} />
      {hint !== undefined && problem === undefined && (
        <span className="text-[12px] text-t3 leading-[1.35]">{hint}</span>
      )}
    </div>
  );
}

export function Problem({ id, text }: { readonly id: string; readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <span id={id} role="alert" className="text-[12.5px] text-bad leading-[1.35]">
      {text}
    </span>
  );
}

export function Check({ field, label }: { readonly field: 'df' | 'badChecksum' | 'close'; readonly label: string }) {
  const on = useComposer((s) => s.draft[field]);
  return (
    <label className="flex min-h-7 items-center gap-2 text-[13px] text-t2 pointer-coarse:min-h-11">
      <input
        type="checkbox"
        checked={on}
        className="size-4 accent-(--btn)"
        data-testid={`composer-${field}`}
        onChange={(e) => change({ [field]: e.target.checked })}
      />
      {label}
    </label>
  );
}

/** A native list under a face of our own: works by touch, keyboard and screen reader as such lists do. */
export function Select({
  field,
  label,
  value,
  title,
  options,
  onPick,
  children,
}: {
  readonly field: Field;
  readonly label: string;
  readonly value: string;
  /** What its face may have no room for. */
  readonly title?: string;
  readonly options: ReactNode;
  readonly onPick: (value: string) => void;
  readonly children: ReactNode;
}) {
  const problem = useComposer((s) => s.problems[field]);
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-[550] text-[12px] text-t3">
        {label}
      </label>
      <div
        {...(title === undefined ? {} : { title })}
        className={cx(
          'relative flex h-[34px] items-center gap-[6px] rounded-control border bg-card px-[9px] text-[13px] focus-within:outline-2 focus-within:outline-focus focus-within:outline-offset-2 hover:bg-raised pointer-coarse:h-11',
          problem === undefined ? 'border-line-2' : 'border-bad',
        )}
      >
        {children}
        <select
          id={id}
          value={value}
          data-testid={`composer-${field === 'host' ? 'from' : field}`}
          aria-invalid={problem !== undefined}
          className="absolute inset-0 w-full cursor-pointer opacity-0"
          onChange={(e) => onPick(e.target.value)}
        >
          {options}
        </select>
      </div>
      <Problem id={`${id}-problem`} text={problem} />
    </div>
  );
}
