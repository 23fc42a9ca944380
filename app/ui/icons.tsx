import type { ReactNode } from 'react';

const dot = (cx: number, cy: number, r = 1.4): ReactNode => (
  <circle cx={cx} cy={cy} r={r} fill="currentColor" stroke="none" key={`${cx}/${cy}`} />
);

/** Line icons on a 20 px grid, stroke 1.7. */
const ICONS = {
  hook: (
    <>
      <path d="M5 3v9a5 5 0 0 0 10 0V9.5" />
      <path d="M12.2 12 15 9.2l2.8 2.8" />
      {dot(5, 3, 1.6)}
    </>
  ),
  undo: <path d="M7 5 3.5 8.5 7 12M4 8.5h8a4 4 0 0 1 0 8H9" />,
  redo: <path d="m13 5 3.5 3.5L13 12M16 8.5H8a4 4 0 0 0 0 8h3" />,
  share: <path d="M10 12V3.5M6.8 6.5 10 3.3l3.2 3.2M4.5 10v5.5h11V10" />,
  sun: (
    <>
      <circle cx="10" cy="10" r="3.4" />
      <path d="M10 2.5v1.8M10 15.7v1.8M2.5 10h1.8M15.7 10h1.8M4.7 4.7 6 6M14 14l1.3 1.3M15.3 4.7 14 6M6 14l-1.3 1.3" />
    </>
  ),
  moon: <path d="M16 12.2A6.6 6.6 0 0 1 7.8 4a6.6 6.6 0 1 0 8.2 8.2Z" />,
  auto: (
    <>
      <circle cx="10" cy="10" r="6.6" />
      <path d="M10 3.4a6.6 6.6 0 0 1 0 13.2Z" fill="currentColor" stroke="none" />
    </>
  ),
  screen: (
    <>
      <rect x="2.8" y="4" width="14.4" height="9.5" rx="1.6" />
      <path d="M10 13.5V17M6.5 17h7" />
    </>
  ),
  search: (
    <>
      <circle cx="9" cy="9" r="5" />
      <path d="m13 13 3.6 3.6" />
    </>
  ),
  network: (
    <>
      <rect x="7.5" y="2.8" width="5" height="4.4" rx="1" />
      <rect x="2.5" y="12.8" width="5" height="4.4" rx="1" />
      <rect x="12.5" y="12.8" width="5" height="4.4" rx="1" />
      <path d="M10 7.2V10M5 12.8V10h10v2.8" />
    </>
  ),
  host: (
    <>
      <rect x="3" y="4" width="14" height="5" rx="1.4" />
      <rect x="3" y="11" width="14" height="5" rx="1.4" />
      <path d="M6 6.5h.01M6 13.5h.01" />
    </>
  ),
  laptop: (
    <>
      <rect x="4" y="4.5" width="12" height="8.5" rx="1.5" />
      <path d="M2.5 15.5h15" />
    </>
  ),
  globe: (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M3 10h14M10 3c2.5 2.2 2.5 11.8 0 14M10 3c-2.5 2.2-2.5 11.8 0 14" />
    </>
  ),
  cube: <path d="M10 2.8 16.5 6.2v7.6L10 17.2 3.5 13.8V6.2ZM3.5 6.2 10 9.7l6.5-3.5M10 9.7v7.5" />,
  right: <path d="m8 5 5 5-5 5" />,
  down: <path d="m5 8 5 5 5-5" />,
  up: <path d="m5 12 5-5 5 5" />,
  first: (
    <>
      <path d="M5 4.5v11" />
      <path d="M16 5l-7.5 5L16 15Z" fill="currentColor" />
    </>
  ),
  stepBack: (
    <>
      <path d="M14.5 5 7 10l7.5 5Z" fill="currentColor" />
      <path d="M5 5v10" />
    </>
  ),
  stepForward: (
    <>
      <path d="m5.5 5 7.5 5-7.5 5Z" fill="currentColor" />
      <path d="M15 5v10" />
    </>
  ),
  play: <path d="m6.5 4 9 6-9 6Z" fill="currentColor" />,
  pause: <path d="M7 5v10M13 5v10" strokeWidth="3" />,
  plus: <path d="M10 4.5v11M4.5 10h11" />,
  minus: <path d="M4.5 10h11" />,
  fit: <path d="M4 7.5V4h3.5M16 7.5V4h-3.5M4 12.5V16h3.5M16 12.5V16h-3.5" />,
  close: <path d="m5.5 5.5 9 9M14.5 5.5l-9 9" />,
  check: <path d="m4.5 10.5 3.6 3.6 7.4-8" />,
  edit: <path d="M12.8 4.2 15.8 7.2 7.5 15.5l-3.7.7.7-3.7Z" />,
  terminal: <path d="m4 6 4 4-4 4M10 14.5h6" />,
  grip: <>{[5, 10, 15].flatMap((y) => [dot(7.5, y, 1.3), dot(12.5, y, 1.3)])}</>,
  more: <>{[4.5, 10, 15.5].map((x) => dot(x, 10, 1.5))}</>,
  gear: (
    <>
      <circle cx="10" cy="10" r="2.6" />
      <path d="M10 3v2.5M10 14.5V17M3 10h2.5M14.5 10H17M5 5l1.8 1.8M13.2 13.2 15 15M15 5l-1.8 1.8M6.8 13.2 5 15" />
    </>
  ),
  loop: <path d="M15.5 8A6 6 0 0 0 4.8 7M4.5 12a6 6 0 0 0 10.7 1M4.5 3.8V7H7.7M15.5 16.2V13h-3.2" />,
  warn: <path d="M10 3.5 17.5 16h-15ZM10 8v4M10 14h.01" />,
  bulb: <path d="M7.5 14.5c-1.7-1.2-2.8-2.8-2.8-4.8a5.3 5.3 0 0 1 10.6 0c0 2-1.1 3.6-2.8 4.8ZM8 17.2h4" />,
  arrow: <path d="M3.5 10h12M11.5 6l4 4-4 4" />,
  list: <path d="M7 5.5h10M7 10h10M7 14.5h10M3.5 5.5h.01M3.5 10h.01M3.5 14.5h.01" />,
  link: (
    <path d="M8.5 11.5 11.5 8.5M9 6.5l1.8-1.8a3 3 0 0 1 4.3 4.3L13.3 10.8M11 13.5l-1.8 1.8a3 3 0 0 1-4.3-4.3l1.8-1.8" />
  ),
  send: <path d="M17 3 3 8.6l5.6 2.8L11.400 17 17 3ZM8.6 11.4 17 3" />,
  help: (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M7.900 7.900a2.200 2.200 0 1 1 3.200 2c-.7.4-1.100.8-1.100 1.600M10 14h.01" />
    </>
  ),
  trash: <path d="M4 6h12M8 6V4h4v2M5.500 6l.8 10h7.400l.8-10M8.500 9v4M11.500 9v4" />,
  panel: (
    <>
      <rect x="3" y="4" width="14" height="12" rx="1.8" />
      <path d="M12 4v12" />
    </>
  ),
} as const;

export type IconName = keyof typeof ICONS;

export function Icon({ name, size = 18, className = '' }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {ICONS[name]}
    </svg>
  );
}
