import type { ReactNode } from 'react';

/** What is drawn on a filled glyph: the colour of what is behind it. */
const INK = 'var(--glyph-ink, var(--card))';
const tick = (
  <path
    d="m6 10.3 2.7 2.7L14 7.3"
    stroke={INK}
    strokeWidth="2.2"
    fill="none"
    strokeLinecap="round"
    strokeLinejoin="round"
  />
);

/** Verdicts and events. The shape carries the meaning, the colour only repeats it. On a 20 px grid. */
const GLYPHS = {
  /** ACCEPT, delivered. */
  ok: (
    <>
      <circle cx="10" cy="10" r="8.5" fill="currentColor" />
      {tick}
    </>
  ),
  /** DROP. */
  bad: (
    <>
      <path d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7Z" fill="currentColor" />
      <path d="m7 7 6 6M13 7l-6 6" stroke={INK} strokeWidth="2.3" strokeLinecap="round" />
    </>
  ),
  /** REJECT. */
  rej: (
    <>
      <path d="M6.8 2.3h6.4l4.5 4.5v6.4l-4.5 4.5H6.8l-4.5-4.5V6.8Z" fill="none" stroke="currentColor" strokeWidth="2" />
      <path
        d="M13.5 12.5V9.5H7M9 7 6.5 9.5 9 12"
        stroke="currentColor"
        strokeWidth="1.8"
        fill="none"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  /** A rewrite by NAT. */
  nat: (
    <>
      <path d="M10 1 19 10 10 19 1 10Z" fill="currentColor" />
      <path
        d="M6 8.3h7M11 6.3l2 2M14 11.7H7M9 13.7l-2-2"
        stroke={INK}
        strokeWidth="1.7"
        fill="none"
        strokeLinecap="round"
      />
    </>
  ),
  jump: <path d="M2 4.5h9l7 5.5-7 5.5H2Z" fill="currentColor" />,
  ret: (
    <path
      d="M4 10h11M8 5.5 3.5 10 8 14.5"
      stroke="currentColor"
      strokeWidth="2.2"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  /** Passed, no rule matched. */
  pass: (
    <path
      d="m4.5 10.5 3.6 3.6 7.4-8"
      stroke="currentColor"
      strokeWidth="2.2"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  /** Rules tried in a timeline. */
  tried: <circle cx="10" cy="10" r="4" fill="currentColor" />,
  /** A rule matched. */
  hit: (
    <>
      <rect x="2.5" y="2.5" width="15" height="15" rx="4" fill="currentColor" />
      {tick}
    </>
  ),
  /** A flow that is not confirmed yet. */
  new: <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" strokeWidth="2.6" strokeDasharray="4 2.3" />,
  /** A flow in the table. */
  conf: (
    <>
      <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" strokeWidth="2.6" />
      <circle cx="10" cy="10" r="3" fill="currentColor" />
    </>
  ),
  /** A flow that ends. */
  gone: (
    <>
      <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" strokeWidth="2.6" />
      <path d="M5 15 15 5" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />
    </>
  ),
  route: (
    <path d="M10 2 18 10 10 18 2 10Z" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinejoin="round" />
  ),
  /** On a wire. */
  wire: <path d="M2 10h16" stroke="currentColor" strokeWidth="3" strokeDasharray="1.2 4.200" strokeLinecap="butt" />,
  /** The packet itself. */
  here: <circle cx="10" cy="10" r="8" fill="var(--packet)" stroke="var(--packet-case)" strokeWidth="2" />,
  none: <circle cx="10" cy="10" r="5" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="2.5 3" />,
  /** Sent, and nothing came back. */
  silent: (
    <>
      <circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="4.7 3.150" />
      <path d="M6.500 10h.01M10 10h.01M13.500 10h.01" stroke="currentColor" strokeWidth="2.400" strokeLinecap="round" />
    </>
  ),
  command: (
    <path
      d="m4 5 5 5-5 5M11 15.500h6"
      stroke="currentColor"
      strokeWidth="2.200"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  wait: (
    <path
      d="M10 5.500V10l3 2M10 2.500a7.500 7.500 0 1 1 0 15 7.500 7.500 0 0 1 0-15Z"
      stroke="currentColor"
      strokeWidth="2"
      fill="none"
      strokeLinecap="round"
    />
  ),
} as const satisfies Record<string, ReactNode>;

export type GlyphName = keyof typeof GLYPHS;

/** The inside of a glyph, to be placed in a larger SVG. */
export function glyphShape(name: GlyphName): ReactNode {
  return GLYPHS[name];
}

/** With `label` it is an image for a screen reader; without, decoration beside words that say the same. */
export function Glyph({
  name,
  size = 16,
  className = '',
  label,
}: {
  name: GlyphName;
  size?: number;
  className?: string;
  label?: string;
}) {
  const box = { className, width: size, height: size, viewBox: '0 0 20 20' };
  return label === undefined ? (
    <svg {...box} aria-hidden="true">
      {GLYPHS[name]}
    </svg>
  ) : (
    <svg {...box} role="img" aria-label={label}>
      {GLYPHS[name]}
    </svg>
  );
}

/** Colour class of a verdict glyph. */
export const verdictClass: Readonly<Partial<Record<GlyphName, string>>> = {
  ok: 'text-ok',
  bad: 'text-bad',
  rej: 'text-rej',
  silent: 'text-rej',
  nat: 'text-nat',
  new: 'text-conntrack',
  conf: 'text-conntrack',
  gone: 'text-conntrack',
  route: 'text-routing',
};

/** The colour of a verdict's glyph; quiet for all others. */
export const glyphColour = (glyph: GlyphName): string => verdictClass[glyph] ?? 'text-t2';

/** The glyph of a target's name; null for a rule that only counts. */
export function targetGlyph(target: string): GlyphName | null {
  switch (target) {
    case '':
      return null;
    case 'ACCEPT':
      return 'ok';
    case 'DROP':
      return 'bad';
    case 'REJECT':
      return 'rej';
    case 'DNAT':
    case 'SNAT':
    case 'MASQUERADE':
    case 'REDIRECT':
    case 'NETMAP':
      return 'nat';
    case 'RETURN':
      return 'ret';
    default:
      return 'jump';
  }
}
