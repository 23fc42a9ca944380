import type { ReactNode } from 'react';
import { cx } from '../ui';

/** A part of the page that scrolls by itself, and takes the focus so that keys can scroll it. */
export function Scroll({
  label,
  className,
  children,
}: {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: or its content is out of reach for the keyboard
      tabIndex={0}
      data-scrolls=""
      className={cx('relative min-h-0 overflow-y-auto -outline-offset-2', className)}
    >
      {children}
    </section>
  );
}
