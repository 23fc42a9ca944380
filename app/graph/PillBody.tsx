import type { RefObject } from 'react';
import { usePlay } from '../store';
import { Glyph, type GlyphName, glyphColour } from '../ui';
import { type Collapse, type PillPiece, type PillText, pillPieces } from './pill';

/** The packet in words: flags, source, destination, what was rewritten. Whoever owns `element` moves it. */
export function PillBody({
  element,
  text,
  collapse,
  fresh,
  ended,
}: {
  readonly element: RefObject<HTMLDivElement | null>;
  readonly text: PillText;
  readonly collapse: Collapse;
  /** Something has just changed: shows how. */
  readonly fresh: boolean;
  /** How the packet has ended; null while it is under way. */
  readonly ended: GlyphName | null;
}) {
  const speed = usePlay((s) => s.speed);
  const pieces = pillPieces(text, collapse);
  const arrow = pieces.findIndex((p) => p.role === 'arrow');
  return (
    <div
      ref={element}
      className="pill z-4"
      data-testid="packet-pill"
      style={{ ['--speed' as string]: speed }}
      title={`${text.flags}, ${text.src.now} to ${text.dst.now}`}
      {...(fresh ? { 'data-fresh': '' } : {})}
      {...(ended === null ? {} : { 'data-end': ended })}
    >
      <span className="pill-flags">{text.flags}</span>
      <Pieces pieces={pieces.slice(0, arrow)} />
      {/* Where there is more than one line, the arrow stays with what it points at. */}
      <span className="pill-to">
        <PillArrow />
        <Pieces pieces={pieces.slice(arrow + 1)} />
        {ended !== null && <Glyph name={ended} size={18} className={glyphColour(ended)} />}
      </span>
    </div>
  );
}

function Pieces({ pieces }: { readonly pieces: readonly PillPiece[] }) {
  return pieces.map((piece) => (
    <span key={`${piece.role} ${piece.full}`} className={`pill-${piece.role}`} title={piece.full}>
      {piece.role === 'old' ? <s className="sr-only">{piece.full}</s> : null}
      <span aria-hidden={piece.role === 'old'}>{piece.text}</span>
    </span>
  ));
}

function PillArrow() {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M3.5 10h12M11.5 6l4 4-4 4" />
    </svg>
  );
}
