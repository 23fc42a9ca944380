import { cx, glyphShape } from '../ui';

/** The packet, or how it ended. */
export function PacketDot({
  ended = null,
  className,
}: {
  readonly ended?: 'dropped' | 'rejected' | null;
  readonly className?: string;
}) {
  if (ended === null) {
    return (
      <>
        <circle r="15" fill="var(--packet)" opacity=".28" />
        <circle r="9.5" className="st-lit" />
        <circle r="3.2" fill="var(--packet-ink)" />
      </>
    );
  }
  return (
    <g
      transform="translate(-13 -13) scale(1.3)"
      className={cx(className, ended === 'rejected' ? 'text-rej' : 'text-bad')}
    >
      <circle cx="10" cy="10" r="11" fill="var(--canvas)" />
      {glyphShape(ended === 'rejected' ? 'rej' : 'bad')}
    </g>
  );
}
