import type { ReactNode } from 'react';
import type { Beat } from '../store';
import { glyphShape } from '../ui';

/** The colour of a beat's marker. */
export function hueOf(beat: Pick<Beat, 'hue'>): string {
  return beat.hue === '' ? 'var(--t3)' : `var(--${beat.hue}, var(--t3))`;
}

/**
 * A beat on the line of a tray, centred on 0/0. `behind` is the colour of the tray, which separates markers from the
 * line. Shapes are those of the glyphs, drawn for 10 to 16 px.
 */
export function markerShape(beat: Pick<Beat, 'glyph' | 'hue'>, behind: string): ReactNode {
  const hue = hueOf(beat);
  const ring = { fill: 'none', stroke: hue };
  const ground = <circle r="8" fill={behind} />;
  switch (beat.glyph) {
    case 'tried':
      return <circle r="2.8" fill={hue} stroke={behind} strokeWidth="2" paintOrder="stroke" />;
    case 'hit':
      return (
        <rect
          x="-5"
          y="-5"
          width="10"
          height="10"
          rx="2.5"
          fill={hue}
          stroke={behind}
          strokeWidth="2"
          paintOrder="stroke"
        />
      );
    case 'nat':
      return <path d="M0-8 8 0 0 8-8 0Z" fill={hue} stroke={behind} strokeWidth="2" paintOrder="stroke" />;
    case 'new':
      return (
        <>
          {ground}
          <circle r="5.5" {...ring} strokeWidth="2.6" strokeDasharray="3.4 1.9" />
        </>
      );
    case 'conf':
      return (
        <>
          {ground}
          <circle r="5.5" {...ring} strokeWidth="2.6" />
        </>
      );
    case 'gone':
      return (
        <>
          {ground}
          <circle r="5.5" {...ring} strokeWidth="2" />
          <path d="m-4 4 8-8" stroke={hue} strokeWidth="1.8" />
        </>
      );
    case 'route':
      return (
        <>
          {ground}
          <path d="M0-6.5 6.5 0 0 6.5-6.5 0Z" {...ring} strokeWidth="2" strokeLinejoin="round" />
        </>
      );
    case 'wire':
      return <path d="M-11 0h22" stroke="var(--t3)" strokeWidth="3" strokeDasharray="1 5" strokeDashoffset="-2" />;
    case 'here':
      return <circle r="4.5" fill={behind} stroke="var(--t2)" strokeWidth="2" />;
    default:
      return (
        <g transform="translate(-8 -8) scale(.8)" style={{ color: hue }}>
          <circle cx="10" cy="10" r="10" fill={behind} />
          {glyphShape(beat.glyph)}
        </g>
      );
  }
}
