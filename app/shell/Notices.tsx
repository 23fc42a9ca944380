import { useEffect } from 'react';
import { stores, useNotices, useRun } from '../store';
import { Button, Glyph, IconButton } from '../ui';

/**
 * Messages, at the lower edge of the canvas: the packet's pill is at the upper one. What is wrong with the engine stays
 * until it is mended.
 */
export function Notices() {
  const notices = useNotices((s) => s.notices);
  const status = useRun((s) =>
    s.status === 'failed' || s.status === 'paused' || s.status === 'invalid' ? s.status : null,
  );
  const problems = useRun((s) => s.problems);
  // What went well is said for a while; what a person should know stays until they have seen it.
  const passing = notices.find((n) => n.tone === 'ok')?.id;
  useEffect(() => {
    if (passing === undefined) return;
    const timer = setTimeout(() => stores.notices.getState().dismiss(passing), 6000);
    return () => clearTimeout(timer);
  }, [passing]);
  return (
    <div
      className="pointer-events-none absolute inset-x-0 bottom-3 z-30 flex flex-col items-center gap-2 px-3"
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
            {status !== 'paused' && (
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
          className="pointer-events-auto flex max-w-[640px] items-center gap-3 rounded-[10px] border border-line-2 bg-card py-1 pr-1 pl-3 shadow-lift"
        >
          {notice.tone !== 'info' && (
            <Glyph
              name={notice.tone === 'ok' ? 'ok' : 'bad'}
              className={notice.tone === 'ok' ? 'text-ok' : 'text-bad'}
            />
          )}
          <p className="min-w-0 py-1">{notice.text}</p>
          {notice.action !== undefined && (
            <Button size="sm" onClick={notice.action.run} title={notice.action.label}>
              <span className="max-w-[220px] truncate">{notice.action.label}</span>
            </Button>
          )}
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
