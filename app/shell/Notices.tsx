import { useEffect, useState } from 'react';
import { type Notice, stores, useNotices, useRun } from '../store';
import { Button, cx, Glyph, IconButton } from '../ui';

/** Milliseconds that a message stands, unless somebody points at it or has the focus in it. What went wrong stays. */
const STANDS = { ok: 6000, info: 15_000, bad: null } as const;

const PLACES = {
  foot: 'absolute inset-x-0 bottom-[calc(var(--strip,0px)+12px)] px-3',
  corner: 'absolute right-3 bottom-[calc(var(--strip,0px)+12px)] w-[292px] wide:w-[340px]',
  drawer: 'sticky bottom-3 mt-auto px-3',
} as const;

/**
 * Messages, where they lie over nothing that moves: in the corner that the inspector or a text has, above what stands below
 * it, or, without them, at the lower edge of what is on show; in a drawer that lies over all that, at its foot. What is
 * wrong with the engine stays until it is mended.
 */
export function Notices({ place = 'foot' }: { readonly place?: keyof typeof PLACES }) {
  const notices = useNotices((s) => s.notices);
  const status = useRun((s) =>
    s.status === 'failed' || s.status === 'paused' || s.status === 'invalid' ? s.status : null,
  );
  const problems = useRun((s) => s.problems);
  const ran = useRun((s) => s.result !== null);
  return (
    <div
      className={cx('pointer-events-none z-30 flex flex-col items-center gap-2', PLACES[place])}
      role="status"
      data-testid="notices"
    >
      {status !== null && (
        <div
          className="pointer-events-auto flex max-w-[640px] items-center gap-3 rounded-[10px] border border-bad bg-bad-w px-3 py-2 shadow-lift"
          data-testid="engine-message"
        >
          <Glyph name="bad" className="text-bad" />
          <div className="min-w-0">
            {problems.slice(0, 4).map((text) => (
              <p key={text}>{text}</p>
            ))}
            {status !== 'paused' && ran && (
              <p className="text-t2">What is on show is the last run that ended well. Nothing is lost.</p>
            )}
          </div>
          {status !== 'invalid' && (
            <Button size="sm" onClick={() => void stores.run.getState().retry()}>
              Run again
            </Button>
          )}
        </div>
      )}
      {notices.map((notice) => (
        <Message key={notice.id} notice={notice} wide={place !== 'foot'} />
      ))}
    </div>
  );
}

function Message({ notice, wide }: { readonly notice: Notice; readonly wide: boolean }) {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const held = pointed || focused;
  const { id, tone } = notice;
  const dismiss = (): void => stores.notices.getState().dismiss(id);
  useEffect(() => {
    const time = STANDS[tone];
    if (held || time === null) return;
    const timer = setTimeout(() => stores.notices.getState().dismiss(id), time);
    return () => clearTimeout(timer);
  }, [held, id, tone]);
  return (
    <article
      className={cx(
        'pointer-events-auto flex max-w-[640px] items-start gap-3 rounded-[10px] border border-line-2 bg-card py-1 pr-1 pl-3 shadow-lift',
        wide && 'w-full',
      )}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      {tone !== 'info' && (
        <Glyph
          name={tone === 'ok' ? 'ok' : 'bad'}
          className={cx('mt-[8px] flex-none', tone === 'ok' ? 'text-ok' : 'text-bad')}
        />
      )}
      {/* The button stands beside few words, and below many. */}
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1 py-1">
        <p className="min-w-0 py-1">{notice.text}</p>
        {notice.action !== undefined && (
          <Button size="sm" onClick={notice.action.run} title={notice.action.label}>
            <span className="max-w-[220px] truncate">{notice.action.label}</span>
          </Button>
        )}
      </div>
      <IconButton icon="close" label="Dismiss" size={16} onClick={dismiss} />
    </article>
  );
}
