import { useStore } from '@xyflow/react';
import { cx } from '../ui';
import { TITLE_LINES, titleLines } from './boxes';
import { usePlace } from './scene';

/** The least distance of the words from the edge of the canvas. */
const EDGE = 16;

/** Whose hooks these are: name, addresses, forwarding; what the line means. */
export function TitleNode() {
  const { host, layout } = usePlace();
  // Where the graph is moved aside a little, the words keep their distance from the edge; half words would say nothing.
  const aside = useStore((s) => {
    const at = layout.title.x + s.transform[0] / s.transform[2];
    return at < EDGE ? Math.round(EDGE - at) : 0;
  });
  const cut = aside > EDGE;
  const lines = titleLines(host);
  const few = lines.slice(0, TITLE_LINES);
  return (
    <header
      className={cx('text-t2 transition-opacity duration-200', cut && 'opacity-0')}
      style={aside > 0 && !cut ? { translate: aside } : undefined}
      data-testid="host-title"
    >
      <h2
        className={cx(
          'text-t1 tracking-[-0.025em]',
          host.name.length > 16
            ? 'line-clamp-3 text-[20px] leading-[1.2] [overflow-wrap:anywhere]'
            : 'truncate text-[30px] leading-[1.3]',
        )}
        title={host.title === host.name ? host.name : `${host.name}: ${host.title}`}
      >
        {host.name}
      </h2>
      <div className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-[14px]">
        {few.map(({ name, address }) => (
          <div key={`${name} ${address}`} className="contents">
            <b className="max-w-[90px] truncate font-semibold">{name}</b>
            <span className="mono truncate text-[13.5px]" title={address}>
              {address}
            </span>
          </div>
        ))}
      </div>
      {lines.length > few.length && (
        <p className="mt-1 text-[13px] text-t3" title={lines.map((l) => `${l.name} ${l.address}`).join('\n')}>
          and {lines.length - few.length} more addresses
        </p>
      )}
      <p className="mt-[6px] text-[13px] text-t3">
        {host.forwarding.ip || host.forwarding.ip6 ? 'forwarding on' : 'forwarding off'}
      </p>
      {lines.length <= 3 && <Legend />}
    </header>
  );
}

function Legend() {
  return (
    <ul className="mt-[22px] grid gap-2 text-[13px]">
      <li className="flex items-center gap-[9px]">
        <svg width="30" height="18" aria-hidden="true">
          <path className="e-case" d="M4 9H26" />
          <path className="e-lit" d="M4 9H26" />
        </svg>
        travelled
      </li>
      <li className="flex items-center gap-[9px]">
        <svg width="30" height="18" aria-hidden="true">
          <circle cx="15" cy="9" r="8.5" fill="var(--packet)" opacity=".28" />
          <circle cx="15" cy="9" r="6" className="st-lit" />
        </svg>
        packet is here
      </li>
      <li className="flex items-center gap-[9px]">
        <svg width="30" height="18" aria-hidden="true">
          <path className="e" d="M3 9H27" />
        </svg>
        not reached yet
      </li>
    </ul>
  );
}
