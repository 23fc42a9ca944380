import { type ReactNode, useEffect, useRef, useState } from 'react';
import { cx } from './controls';

/**
 * What it shows fades into something else when `of` changes, and only then; with reduced motion it gets a ring. What
 * becomes known for the first time is no change.
 */
export function CrossFade({
  of,
  className,
  children,
}: {
  /** Says what is shown; '' while that is not known. */
  readonly of: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const [now, setNow] = useState(of);
  const [gone, setGone] = useState<ReactNode>(null);
  const shown = useRef(children);
  if (of !== now) {
    setNow(of);
    if (now !== '') setGone(shown.current);
  }
  useEffect(() => {
    shown.current = children;
  });
  return (
    <div className="cross-fade">
      <div
        className={cx('cross-fade-in', className)}
        {...(gone === null ? {} : { 'data-fresh': '' })}
        onAnimationEnd={(e) => {
          if (e.target === e.currentTarget) setGone(null);
        }}
      >
        {children}
      </div>
      {gone !== null && (
        <div inert className={cx('cross-fade-out', className)}>
          {gone}
        </div>
      )}
    </div>
  );
}
