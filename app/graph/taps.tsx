import { useView } from '../store';
import { cx } from '../ui';

/** What listens at the taps of an interface; '' if nothing does. */
export function useTap(host: string, dev: string): string {
  return useView((s) => s.taps.find((t) => t.host === host && (t.interface === dev || t.interface === ''))?.what ?? '');
}

/** The mark of a command that listens, where there is no slot for the taps. */
export function TapMark({
  host,
  dev,
  className,
}: {
  readonly host: string;
  readonly dev: string;
  readonly className?: string;
}) {
  const what = useTap(host, dev);
  if (what === '') return null;
  return (
    <span
      className={cx('tap-mark', className)}
      data-testid={`tap-${dev}`}
      title={`${what} sees here what comes in before PREROUTING, and what goes out after POSTROUTING`}
    >
      {what}
    </span>
  );
}
