import { useEffect } from 'react';
import { stores, useNotices, useRun } from '../store';
import { Button, cx, Glyph, IconButton } from '../ui';

/**
 * Messages, where they lie over nothing that moves: in the corner that the inspector or a text has, above what stands below
 * it, or, without them, at the lower edge of what is on show. What is wrong with the engine stays until it is mended.
 */
export function Notices({ corner = false }: { readonly corner?: boolean }) {
  const notices = useNotices((s) => s.notices);
  const status = useRun((s) =>
    s.status === 'failed' || s.status === 'paused' || s.status === 'invalid' ? s.status : null,
  );
  const problems = useRun((s) => s.problems);
  const ran = useRun((s) => s.result !== null);
  // What went well is said for a while; what a person should know stays until they have seen it.
  const passing = notices.find((n) => n.tone === 'ok')?.id;
  useEffect(() => {
    if (passing === undefined) return;
    const timer = setTimeout(() => stores.notices.getState().dismiss(passing), 6000);
    return () => clearTimeout(timer);
  }, [passing]);
  return (
    <div
      className={cx(
        'pointer-events-none absolute bottom-[calc(var(--strip,0px)+12px)] z-30 flex flex-col items-center gap-2',
        corner ? 'right-3 w-[292px] wide:w-[340px]' : 'inset-x-0 px-3',
      )}
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
        <div
          key={notice.id}
          className={cx(
            'pointer-events-auto flex max-w-[640px] items-start gap-3 rounded-[10px] border border-line-2 bg-card py-1 pr-1 pl-3 shadow-lift',
            corner && 'w-full',
          )}
        >
          {notice.tone !== 'info' && (
            <Glyph
              name={notice.tone === 'ok' ? 'ok' : 'bad'}
              className={cx('mt-[8px] flex-none', notice.tone === 'ok' ? 'text-ok' : 'text-bad')}
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
          <IconButton
            icon="close"
            label="Dismiss"
            size={16}
            onClick={() => stores.notices.getState().dismiss(notice.id)}
          />
        </div>
      ))}
    </div>
  );
}
