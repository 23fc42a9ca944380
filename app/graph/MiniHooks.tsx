import { memo } from 'react';
import { glyphShape } from '../ui';

/** The places of a host that its small line has. */
export type MiniSpot = 'pre' | 'route' | 'input' | 'local' | 'forward' | 'output' | 'post' | 'out';

export interface MiniState {
  /** Where the packet on show has been on this host. */
  readonly passed: ReadonlySet<MiniSpot>;
  /** Where packets of the lab's steps ended here. */
  readonly dropped: ReadonlySet<MiniSpot>;
  readonly delivered: boolean;
}

interface Props {
  readonly state: MiniState;
  readonly width?: number;
}

const STATIONS: readonly (readonly [spot: MiniSpot, x: number, y: number])[] = [
  ['pre', 30, 44],
  ['input', 56, 20],
  ['forward', 84, 44],
  ['output', 106, 20],
  ['post', 122, 44],
];
/** Where nothing stands, but a packet may end. */
const BETWEEN: typeof STATIONS = [
  ['route', 56, 44],
  ['local', 81, 4],
  ['out', 140, 44],
];

const key = ({ passed, dropped, delivered }: MiniState): string => [...passed, '', ...dropped, delivered].join();
const sameMini = (a: Props, b: Props): boolean => a.width === b.width && key(a.state) === key(b.state);

/** The hooks of a host as a small line: along the bottom what is forwarded, over the top what is its own. */
export const MiniHooks = memo(function MiniHooks({ state, width = 132 }: Props) {
  const { passed, dropped, delivered } = state;
  const end = (kind: 'bad' | 'ok', x: number, y: number) => (
    <g key={`${kind}${x}`} transform={`translate(${x - 8} ${y - 8}) scale(.8)`} className={`text-${kind}`}>
      {glyphShape(kind)}
    </g>
  );
  return (
    <svg width={width} height={(width * 58) / 150} viewBox="0 -4 150 58" aria-hidden="true">
      <path d="M2 44H148M56 44V20Q56 4 70 4H92Q106 4 106 20V44" className="e" style={{ strokeWidth: 2.5 }} />
      {miniWays(passed).map((d) => (
        <g key={d}>
          <path d={d} className="e-case" style={{ strokeWidth: 5.5 }} />
          <path d={d} className="e-lit" style={{ strokeWidth: 3.5 }} />
        </g>
      ))}
      {STATIONS.map(([spot, x, y]) => {
        if (dropped.has(spot)) return end('bad', x, y);
        if (spot === 'input' && delivered) return end('ok', x, y);
        const on = passed.has(spot);
        const style = on ? undefined : { fill: 'var(--card)' };
        return <circle key={spot} cx={x} cy={y} r="5" className={on ? 'st-lit' : 'st'} style={style} />;
      })}
      <path
        d="M56 38 62 44 56 50 50 44Z"
        fill="var(--card)"
        stroke={passed.has('route') ? 'var(--packet)' : 'var(--routing)'}
        strokeWidth="2"
      />
      {BETWEEN.map(([spot, x, y]) => dropped.has(spot) && end('bad', x, y))}
    </svg>
  );
}, sameMini);

/** The pieces of the line that were passed. A way ends where the packet did. */
export function miniWays(passed: ReadonlySet<MiniSpot>): readonly string[] {
  const has = (spot: MiniSpot): boolean => passed.has(spot);
  const last = has('out') ? 148 : 122;
  const ways: string[] = [];
  if (has('input')) ways.push(`M2 44H56V20${has('local') ? 'Q56 4 70 4H81' : ''}`);
  else if (has('forward')) ways.push(`M2 44H${has('post') ? last : 84}`);
  else if (has('pre')) ways.push(`M2 44H${has('route') ? 56 : 30}`);
  if (has('output')) ways.push(`M81 4H92Q106 4 106 20${has('post') ? `V44H${last}` : ''}`);
  return ways;
}
