import { lazy, Suspense, useEffect } from 'react';
import { afterPaint, useBeat, useEvent, useExplanation, usePlay, useRun } from '../store';
import { cx, Glyph, Icon, type Layout } from '../ui';

const words = () => import('./Told');
const Told = lazy(() =>
  words().then(
    (m) => ({ default: m.Told }),
    () => ({ default: Untold }),
  ),
);
const Untold = () => <>The sentences could not be loaded. The lab is kept: reload the page to try again.</>;

/** What happens now, in one sentence. Silent for screen readers while the packet moves by itself. */
export function Explain({ layout }: { readonly layout: Layout }) {
  const beat = useBeat();
  const explanation = useExplanation();
  const playing = usePlay((s) => s.playing);
  const empty = usePlay((s) => s.beats.length === 0);
  const starting = useRun((s) => s.result === null && (s.status === 'idle' || s.status === 'running'));
  const opening = useRun((s) => s.serial > 0);
  const uncertain = useEvent()?.uncertain === true;
  // There is no sentence at the start: the words come before the first is asked for.
  useEffect(() => afterPaint(() => void words().catch(() => {})), []);
  const wide = layout === 'wide';
  const narrow = layout === 'narrow';
  return (
    <div
      className={cx(
        'explain flex items-start gap-3 leading-[1.35] tracking-[-0.005em]',
        wide && 'min-h-[42px] px-[18px] pt-[13px] pb-1 text-[18px]',
        layout === 'middle' && 'min-h-[58px] px-4 pt-3 text-[17px]',
        narrow &&
          'low:min-h-[52px] min-h-[92px] px-[18px] pt-[10px] low:pt-0 pb-2 text-[17px] lowest:min-h-0 lowest:pb-1 lowest:text-[14px]',
      )}
      data-testid="explain"
      data-key={explanation?.key}
    >
      {!narrow && (
        <span
          className={cx('flex h-[24px] items-center', beat !== undefined && `hue-${beat.hue}`)}
          style={{ color: 'var(--c, var(--t2))' }}
        >
          <Glyph name={beat?.glyph ?? 'none'} size={wide ? 24 : 22} />
        </span>
      )}
      <p
        aria-live={playing ? 'off' : 'polite'}
        aria-atomic="true"
        tabIndex={narrow ? 0 : undefined}
        className={cx('min-w-0', narrow ? 'lowest:max-h-[2lh] max-h-[40dvh] overflow-y-auto' : 'line-clamp-3')}
      >
        {beat === undefined || explanation === null ? (
          starting ? (
            opening ? (
              'The lab is being opened …'
            ) : (
              'The engine is starting …'
            )
          ) : empty ? (
            'Nothing has been sent yet. Send a ping to see the first hooks light up.'
          ) : beat === undefined ? (
            <>
              Press <b className="font-[650]">Play</b>, or <b className="font-[650] pointer-coarse:hidden">→</b>
              <Icon name="stepForward" size={19} className="pointer-coarse:inline hidden align-[-4px]" /> for one event
              at a time.
            </>
          ) : (
            ' '
          )
        ) : (
          <Suspense fallback=" ">
            <Told explanation={explanation} narrow={narrow} />
          </Suspense>
        )}
        {uncertain && (
          <span
            className="ml-2 whitespace-nowrap rounded-[6px] bg-rej-w px-[7px] py-[1px] align-[2px] font-[550] text-[12.5px] text-rej"
            data-testid="uncertain"
          >
            not certain: something before is not modelled
          </span>
        )}
      </p>
    </div>
  );
}
