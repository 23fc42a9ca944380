import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Beat } from '../store';
import { cx } from '../ui';
import { markerShape } from './Marker';
import { Slider } from './Slider';
import { beatNear, layoutTrays, litTo, placeOfBeat, type Tray } from './trays';
import type { StepBeats } from './useStepBeats';

const TOP = 24;
const LINE = 41;
const HEIGHT = 66;
const FADE = 40;
/** Beside the first and the last event: the ring of the playhead is not cut. */
const SIDE = 8;

/** The events of the step: a tray for each packet, a marker for each event, the playhead. */
export function Timeline({ view }: { readonly view: StepBeats }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [screen, setScreen] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void => setWidth(element.clientWidth - 2 * SIDE);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { beats, beat, result } = view;
  const layout = useMemo(() => layoutTrays(beats, result, width), [beats, result, width]);
  const place = placeOfBeat(layout, beat);
  const scrolls = layout.width > width + 1;
  const x = place?.x;
  useEffect(() => {
    const element = box.current;
    // Before the strip has a width, nothing is in it that could be scrolled to.
    if (element === null || x === undefined || !scrolls || width <= 0) return;
    const { scrollLeft, clientWidth } = element;
    if (x >= scrollLeft + 40 && x <= scrollLeft + clientWidth - 40) return;
    setScreen(Math.max(0, Math.floor((x - clientWidth / 2) / clientWidth)));
    element.scrollTo({ left: x - clientWidth / 2 });
  }, [x, scrolls, width]);
  const current = beats[view.position - 1];
  // Of a content that scrolls, what is in view is in the page, and as much on either side.
  const from = scrolls ? (screen - 1) * width : 0;
  const to = scrolls ? (screen + 2) * width : layout.width;
  const trays = layout.trays.filter((tray) => tray.x < to && tray.x + tray.width > from);
  return (
    <div
      ref={box}
      onScroll={(e) => setScreen(Math.floor(e.currentTarget.scrollLeft / Math.max(1, width)))}
      className={cx(
        'relative -mx-2 min-w-0 flex-1 overflow-x-auto overflow-y-hidden px-2 py-1 [scrollbar-width:thin]',
        scrolls && 'mask-[linear-gradient(90deg,#000_calc(100%-40px),transparent)]',
      )}
    >
      {width > 0 && (
        <Slider
          view={view}
          near={(at) => beatNear(layout, at)}
          scrolls={scrolls}
          className="relative cursor-pointer rounded-card"
        >
          {/* What scrolls fades out at the right: there is room for that after the last event, too. */}
          <div className="relative" style={{ width: Math.max(layout.width, 1) + (scrolls ? FADE : 0), height: HEIGHT }}>
            {trays.map((tray) => (
              <TrayLabel key={tray.marks[0]?.from} tray={tray} />
            ))}
            <svg
              width={Math.max(layout.width, 1)}
              height={HEIGHT}
              className="absolute inset-0 overflow-visible"
              aria-hidden="true"
            >
              {trays.map((tray) => (
                <TrayShape
                  key={tray.marks[0]?.from}
                  tray={tray}
                  from={from}
                  to={to}
                  beats={beats}
                  on={tray === place?.tray}
                  lit={beat < 0 ? null : litTo(tray, beat)}
                />
              ))}
              {place !== null && current !== undefined && <Playhead x={place.x} beat={current} />}
            </svg>
          </div>
        </Slider>
      )}
    </div>
  );
}

const TrayLabel = memo(function TrayLabel({ tray }: { readonly tray: Tray }) {
  const outcome = tray.summary?.outcome.kind;
  return (
    <div
      className="absolute top-0 flex items-baseline gap-2 overflow-hidden whitespace-nowrap text-[12.5px] leading-[16px]"
      style={{ left: tray.x + 2, width: Math.max(0, tray.width - 4) }}
      title={`${tray.title} ${tray.subtitle}`}
      data-testid={tray.packet === '' ? 'tray' : `tray-${tray.packet}`}
      data-state={outcome}
    >
      <span className="max-w-full flex-none truncate font-[650] text-[13px] text-t2">{tray.title}</span>
      <span className="min-w-0 truncate text-t3">{tray.subtitle}</span>
    </div>
  );
});

/** The tray of a packet, and how far its line is lit. Its markers are drawn once, though there be thousands. */
const TrayShape = memo(function TrayShape({
  tray,
  from,
  to,
  beats,
  on,
  lit,
}: {
  readonly tray: Tray;
  readonly from: number;
  readonly to: number;
  readonly beats: readonly Beat[];
  readonly on: boolean;
  readonly lit: number | null;
}) {
  const first = tray.marks[0]?.x ?? tray.x;
  const last = tray.marks.at(-1)?.x ?? tray.x;
  return (
    <g transform={`translate(0 ${LINE})`}>
      <rect
        x={tray.x}
        y={TOP - LINE}
        width={tray.width}
        height="34"
        rx="9"
        fill={behind(on)}
        stroke="var(--line)"
        strokeOpacity={on ? 0 : 0.7}
      />
      <path d={`M${first} 0H${last}`} stroke="var(--line-2)" strokeWidth="1.5" />
      {lit !== null && (
        <>
          <path d={`M${first} 0H${lit}`} stroke="var(--packet-case)" strokeWidth="6" strokeLinecap="round" />
          <path d={`M${first} 0H${lit}`} stroke="var(--packet)" strokeWidth="3.5" strokeLinecap="round" />
        </>
      )}
      <TrayMarks tray={tray} from={from} to={to} beats={beats} on={on} faint={!on && lit === null} />
    </g>
  );
});

const behind = (on: boolean): string => (on ? 'var(--raised)' : 'var(--card)');

const TrayMarks = memo(function TrayMarks({
  tray,
  from,
  to,
  beats,
  on,
  faint,
}: {
  readonly tray: Tray;
  /** Where markers are drawn. */
  readonly from: number;
  readonly to: number;
  readonly beats: readonly Beat[];
  readonly on: boolean;
  readonly faint: boolean;
}) {
  const base = beats[0]?.index ?? 0;
  return (
    <g opacity={faint ? 0.85 : 1}>
      {tray.marks.map((mark) => {
        const beat = beats[mark.from - base];
        if (beat === undefined || mark.x < from || mark.x > to) return null;
        if (mark.kind === 'bar') {
          const half = Math.max(4, mark.half - 2);
          return (
            <rect
              key={mark.from}
              x={mark.x - half}
              y="-3.5"
              width={2 * half}
              height="7"
              rx="3.5"
              fill="var(--t3)"
              stroke={behind(on)}
              strokeWidth="2"
              paintOrder="stroke"
            />
          );
        }
        return (
          <g key={mark.from} transform={`translate(${mark.x} 0)`}>
            {markerShape(beat, behind(on))}
          </g>
        );
      })}
    </g>
  );
});

function Playhead({ x, beat }: { readonly x: number; readonly beat: Beat }) {
  return (
    <g transform={`translate(${x} ${LINE})`} data-testid="playhead">
      <path d="M0-20V23" stroke="var(--packet-case)" strokeWidth="5" strokeLinecap="round" />
      <path d="M0-20V23" stroke="var(--packet)" strokeWidth="2.6" strokeLinecap="round" />
      {/* Its point is below the words of the tray. */}
      <path d="M-6.5-22h13v2.5l-6.5 6-6.5-6Z" fill="var(--packet)" stroke="var(--packet-case)" strokeWidth="1.3" />
      <g transform="scale(1.25)">
        <circle r="11" fill="var(--raised)" stroke="var(--packet)" strokeWidth="1.8" />
        <clipPath id="hl-playhead">
          <circle r="9.5" />
        </clipPath>
        <g clipPath="url(#hl-playhead)">{markerShape(beat, 'var(--raised)')}</g>
      </g>
    </g>
  );
}

const LEGEND = [
  { glyph: 'tried', hue: '', text: 'rule tried' },
  { glyph: 'hit', hue: 'raw', text: 'rule matched' },
  { glyph: 'nat', hue: 'nat', text: 'NAT rewrite' },
  { glyph: 'conf', hue: 'conntrack', text: 'conntrack' },
  { glyph: 'route', hue: 'routing', text: 'route' },
  { glyph: 'wire', hue: '', text: 'on the wire' },
] as const;

/** What the markers mean. */
export function Legend() {
  return (
    <div
      className="flex flex-1 items-center justify-end gap-[14px] px-[18px] text-[12.5px] text-t3"
      data-testid="legend"
    >
      {LEGEND.map((entry) => (
        <span key={entry.text} className="flex items-center gap-[5px] whitespace-nowrap">
          <svg width="22" height="16" viewBox="-11 -8 22 16" aria-hidden="true">
            {markerShape(entry, 'var(--panel)')}
          </svg>
          {entry.text}
        </span>
      ))}
    </div>
  );
}

/** The playhead as a plain bar, where there is no room for trays. */
export function SlimTimeline({ view }: { readonly view: StepBeats }) {
  const bar = useRef<HTMLDivElement>(null);
  const { beats, position } = view;
  const share = beats.length <= 1 ? (position > 0 ? 1 : 0) : Math.max(0, position - 1) / (beats.length - 1);
  const near = (x: number): number => {
    const width = bar.current?.clientWidth ?? 1;
    return beats[Math.round(Math.max(0, Math.min(1, x / width)) * (beats.length - 1))]?.index ?? -1;
  };
  return (
    <Slider
      view={view}
      near={near}
      // The knob stands out by half its width at either end.
      className="relative mx-[9px] flex h-11 min-w-0 flex-1 cursor-pointer items-center rounded-control"
    >
      <div ref={bar} className="relative h-2 w-full rounded-full bg-raised">
        <div className="absolute inset-y-0 left-0 rounded-full bg-packet" style={{ width: `${share * 100}%` }} />
        <span
          className="absolute -top-[5px] size-[18px] rounded-full bg-packet shadow-[0_0_0_3px_var(--panel)]"
          style={{ left: `calc(${share * 100}% - 9px)` }}
        />
      </div>
    </Slider>
  );
}
