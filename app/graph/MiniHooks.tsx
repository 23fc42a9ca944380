import { memo } from 'react';
import { glyphShape } from '../ui';
import { shallow } from './shallow';

export interface MiniState {
  /** What the packet has gone through on this host. */
  readonly input: boolean;
  readonly forward: boolean;
  readonly output: boolean;
  /** Where steps ended here. */
  readonly delivered: boolean;
  readonly dropped: { readonly at: 'input' | 'forward' | 'output' } | null;
  readonly accepted: boolean;
}

interface Props {
  readonly state: MiniState;
  readonly width?: number;
}

const sameMini = (a: Props, b: Props): boolean => a.width === b.width && shallow(a.state, b.state);

/** The hooks of a host as a small line: along the bottom what is forwarded, over the top what is its own. */
export const MiniHooks = memo(function MiniHooks({ state, width = 132 }: Props) {
  const inLeg = state.input || state.forward;
  const outLeg = state.output || state.forward;
  const lit: string[] = [];
  if (state.forward) lit.push('M2 44H148');
  else {
    if (state.input) lit.push('M2 44H56V20Q56 4 70 4H81');
    if (state.output) lit.push('M81 4H92Q106 4 106 20V44H148');
  }
  const station = (x: number, y: number, on: boolean) => (
    <circle cx={x} cy={y} r="5" className={on ? 'st-lit' : 'st'} style={on ? undefined : { fill: 'var(--card)' }} />
  );
  const ended = (x: number, y: number) => (
    <g transform={`translate(${x - 8} ${y - 8}) scale(.8)`} className="text-bad">
      {glyphShape('bad')}
    </g>
  );
  const good = (x: number, y: number) => (
    <g transform={`translate(${x - 8} ${y - 8}) scale(.8)`} className="text-ok">
      {glyphShape('ok')}
    </g>
  );
  return (
    <svg width={width} height={(width * 58) / 150} viewBox="0 -4 150 58" aria-hidden="true">
      <path d="M2 44H148M56 44V20Q56 4 70 4H92Q106 4 106 20V44" className="e" style={{ strokeWidth: 2.5 }} />
      {lit.map((d) => (
        <g key={d}>
          <path d={d} className="e-case" style={{ strokeWidth: 5.5 }} />
          <path d={d} className="e-lit" style={{ strokeWidth: 3.5 }} />
        </g>
      ))}
      {station(30, 44, inLeg)}
      {state.dropped?.at === 'input' ? ended(56, 20) : state.delivered ? good(56, 20) : station(56, 20, state.input)}
      {state.dropped?.at === 'forward' ? ended(84, 44) : state.accepted ? good(84, 44) : station(84, 44, state.forward)}
      {state.dropped?.at === 'output' ? ended(106, 20) : station(106, 20, state.output)}
      {station(122, 44, outLeg)}
      <path
        d="M56 38 62 44 56 50 50 44Z"
        fill="var(--card)"
        stroke={inLeg ? 'var(--packet)' : 'var(--routing)'}
        strokeWidth="2"
      />
    </svg>
  );
}, sameMini);
