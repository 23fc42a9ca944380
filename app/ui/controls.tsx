import type { ButtonHTMLAttributes, ReactNode, RefObject } from 'react';
import { Icon, type IconName } from './icons';
import { Tip } from './tip';

type Native = ButtonHTMLAttributes<HTMLButtonElement>;

export function cx(...parts: readonly (string | false | null | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}

interface ButtonProps extends Native {
  readonly tone?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly size?: 'sm' | 'md';
  readonly icon?: IconName;
  readonly ref?: RefObject<HTMLButtonElement | null>;
}

const TONES: Readonly<Record<NonNullable<ButtonProps['tone']>, string>> = {
  plain: 'border-line-2 bg-transparent text-t1 hover:bg-raised',
  primary: 'border-btn bg-btn text-btn-ink hover:opacity-90',
  danger: 'border-bad bg-transparent text-bad hover:bg-bad-w',
  quiet: 'border-transparent bg-transparent text-t2 hover:bg-raised hover:text-t1',
};

export function Button({
  tone = 'plain',
  size = 'md',
  icon,
  className,
  children,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        'inline-flex shrink-0 items-center justify-center gap-[7px] whitespace-nowrap border font-semibold',
        'disabled:cursor-default disabled:opacity-45 pointer-coarse:min-h-11',
        size === 'sm'
          ? 'h-7 rounded-[7px] px-[10px] text-[12.5px]'
          : 'h-[34px] rounded-control px-[13px] text-[13.5px]',
        TONES[tone],
        className,
      )}
      {...rest}
    >
      {icon !== undefined && <Icon name={icon} size={16} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Native {
  readonly icon: IconName;
  /** What it does: its accessible name, and the tooltip. */
  readonly label: string;
  /** Shown in the tooltip: what `shortcut` gives. */
  readonly keys?: string;
  readonly size?: number;
  readonly pressed?: boolean;
}

export function IconButton({
  icon,
  label,
  keys,
  size = 18,
  pressed,
  className,
  type = 'button',
  disabled,
  onClick,
  ...rest
}: IconButtonProps) {
  return (
    <Tip text={label} keys={keys}>
      <button
        type={type}
        aria-label={label}
        {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
        className={cx(
          'inline-grid size-8 shrink-0 place-items-center rounded-control text-t2 hover:bg-raised hover:text-t1',
          'aria-disabled:cursor-default aria-disabled:bg-transparent aria-disabled:text-faint pointer-coarse:size-11',
          pressed === true && 'bg-raised text-t1',
          className,
        )}
        // Stays focusable, so that the focus is not lost where it has done all that it can.
        aria-disabled={disabled}
        onClick={disabled === true ? undefined : onClick}
        {...rest}
      >
        <Icon name={icon} size={size} />
      </button>
    </Tip>
  );
}

/** A choice among few, as a pill. `on` makes it a toggle for screen readers. */
export function Chip({ on, className, type = 'button', ...rest }: Native & { readonly on?: boolean }) {
  return (
    <button
      type={type}
      {...(on === undefined ? {} : { 'aria-pressed': on })}
      className={cx(
        'inline-flex h-7 items-center gap-[5px] whitespace-nowrap rounded-full border px-[10px] text-[12.5px] font-[550]',
        'pointer-coarse:h-11',
        on === true ? 'border-btn bg-btn text-btn-ink' : 'border-line-2 text-t2 hover:bg-raised hover:text-t1',
        className,
      )}
      {...rest}
    />
  );
}

/** A key, or keys, of the keyboard. Beside what can be touched it says nothing; `listed`: where keys are what it is about. */
export function Kbd({ children, listed = false }: { readonly children: ReactNode; readonly listed?: boolean }) {
  return (
    <kbd
      className={cx(
        'mono whitespace-nowrap rounded-[5px] border border-b-2 border-line-2 bg-card px-[5px] py-[3px] text-[11px] leading-none font-semibold text-t2',
        !listed && 'pointer-coarse:hidden',
      )}
    >
      {children}
    </kbd>
  );
}

/** The name of a table or mechanism in its hue. */
export function Tag({
  hue,
  className,
  children,
}: {
  readonly hue: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <span
      className={cx(
        `hue-${hue}`,
        'inline-flex items-center gap-[5px] rounded-[6px] bg-(--w) px-[7px] py-px text-[13px] leading-5 font-[650] text-(--c)',
        className,
      )}
    >
      {children}
    </span>
  );
}

/** A small word in an outline: `ASSURED`, `NEW`. */
export function Badge({ hue, children }: { readonly hue?: string; readonly children: ReactNode }) {
  return (
    <span
      className={cx(
        hue !== undefined && `hue-${hue}`,
        'inline-flex h-5 items-center rounded-[5px] border border-line-2 px-[6px] text-[12px] font-semibold',
        hue === undefined ? 'text-t2' : 'text-(--c)',
      )}
    >
      {children}
    </span>
  );
}

/** One sentence and one action, where there is nothing to show. */
export function Empty({ text, children }: { readonly text: string; readonly children?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 p-4 text-t2">
      <p>{text}</p>
      {children}
    </div>
  );
}

/** 1234567 as 1 234 567, with thin spaces. */
export function thin(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, '\u2009');
}

/** A number of things: `1 rule`, `12 000 rules`. */
export const counted = (n: number, what: string): string => `${thin(n)} ${what}${n === 1 ? '' : 's'}`;

/** What a switch looks like; the switch itself is the button around it. */
export function Knob({ on }: { readonly on: boolean }) {
  return (
    <span className={cx('relative h-5 w-[34px] flex-none rounded-full', on ? 'bg-ok' : 'bg-line-2')}>
      <span
        className={cx(
          'absolute top-[2.5px] size-[15px] rounded-full bg-card transition-[left] motion-reduce:transition-none',
          on ? 'left-[16.5px]' : 'left-[2.5px]',
        )}
      />
    </span>
  );
}

/**
 * Takes what is typed before something that takes text has been loaded, so that it is not lost, nor taken for keys of
 * the page.
 */
export function TypedAhead({ label, typed }: { readonly label: string; readonly typed: RefObject<string> }) {
  return (
    <textarea
      // biome-ignore lint/a11y/noAutofocus: it was opened to type into it
      autoFocus
      aria-label={label}
      className="sr-only"
      onChange={(e) => {
        typed.current = e.target.value;
      }}
    />
  );
}
