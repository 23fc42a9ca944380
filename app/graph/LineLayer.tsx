import { type DeviceBox, type Stop, stopOf } from './boxes';
import { roundedPath } from './geometry';
import type { HostLayout } from './layout';
import { pointsOf } from './line';
import { useScene } from './scene';
import type { Walk } from './walk';

/** The wire beyond the edge of the graph, as far as the canvas may be wide. */
export function beyond(layout: HostLayout, device: DeviceBox): string {
  const name = device.interface.name;
  const [x, y] = layout.nodes.get(device.side === 'in' ? stopOf.wireIn(name) : stopOf.wireOut(name)) ?? [0, 0];
  return device.side === 'in' ? `M${x - 900} ${y}H${x}` : `M${x} ${y}H${x + 900}`;
}

/** The line that is not travelled: each leg by whether the packet will come there, with its stations and diamonds. */
export function LineLayer() {
  const { layout, walk } = useScene();
  const any = walk.way.length > 0 || walk.ahead.length > 0;
  const steps = new Set<string>();
  const all = [...walk.way, ...walk.ahead];
  all.forEach((a, i) => {
    steps.add(`${a}>${all[i + 1]}`);
  });
  const walked = new Set<string>();
  walk.way.forEach((a, i) => {
    walked.add(`${a}>${walk.way[i + 1]}`);
  });
  const passed = new Set(walk.way);
  const coming = new Set(all);
  const legs = layout.legs.map((leg) => {
    const mark = leg.mark.join('>');
    const special = leg.id === 'loop' || leg.id.startsWith('bridge:');
    return { ...leg, on: steps.has(mark), lit: walked.has(mark), hidden: special && !steps.has(mark) };
  });
  // What the packet comes by lies on what it does not.
  legs.sort((a, b) => Number(a.on) - Number(b.on));
  const d = (stops: readonly Stop[]): string => roundedPath(pointsOf(layout, stops));
  return (
    <svg className="absolute top-0 left-0 overflow-visible" width="1" height="1" aria-hidden="true">
      {layout.devices.map((device) => (
        <path
          key={`${device.stop} beyond`}
          className={any && !coming.has(`${device.stop}:top`) ? 'e-off' : 'e'}
          d={beyond(layout, device)}
        />
      ))}
      {legs.map(
        (leg) => !leg.hidden && <path key={leg.id} className={any && !leg.on ? 'e-off' : 'e'} d={d(leg.nodes)} />,
      )}
      {legs.map(
        (leg) =>
          leg.chevron !== null &&
          !leg.hidden &&
          !leg.lit && (
            <path
              key={leg.id}
              className="chev"
              d="M-4 -6 3 0 -4 6"
              transform={`translate(${leg.chevron.at[0]} ${leg.chevron.at[1]}) rotate(${leg.chevron.angle})`}
            />
          ),
      )}
      {layout.presented !== true && <Stations layout={layout} passed={passed} coming={coming} walk={walk} any={any} />}
    </svg>
  );
}

/** Above the travelled line: stations and routing diamonds. */
function Stations({
  layout,
  passed,
  coming,
  walk,
  any,
}: {
  readonly layout: HostLayout;
  readonly passed: ReadonlySet<Stop>;
  readonly coming: ReadonlySet<Stop>;
  readonly walk: Walk;
  readonly any: boolean;
}) {
  const station = (stop: Stop, r: number) => {
    const at = layout.nodes.get(stop);
    if (at === undefined) return null;
    if (passed.has(stop) && stop !== walk.current) return null; // drawn lit, above the line
    return <circle key={stop} cx={at[0]} cy={at[1]} r={r} className={any && !coming.has(stop) ? 'st st-off' : 'st'} />;
  };
  return (
    <>
      {layout.hooks.flatMap((hook) =>
        hook.cards.flatMap((card) => [
          station(card.stop, walk.cards.get(card.stop)?.state === 'skipped' ? 4.5 : 6.5),
          ...card.chains.map((c) => station(c.stop, 4.5)),
        ]),
      )}
      {layout.devices.flatMap((device) => device.slots.map((slot) => station(slot.stop, 4.5)))}
    </>
  );
}

/** What lies on the travelled line: lit stations, and the diamonds of the route lookups. */
export function OverLayer() {
  const { layout, walk } = useScene();
  const passed = new Set(walk.way);
  const lit = (stop: Stop, r: number) => {
    const at = layout.nodes.get(stop);
    if (at === undefined || !passed.has(stop) || stop === walk.current) return null;
    const skipped = walk.cards.get(stop)?.state === 'skipped';
    return <circle key={stop} cx={at[0]} cy={at[1]} r={skipped ? 4.5 : r} className={skipped ? 'st' : 'st-lit'} />;
  };
  const [x, y] = layout.routeInput;
  const [ox, oy] = layout.routeOutput;
  const routed = passed.has('route:input');
  const looked = passed.has('route:output');
  return (
    <svg className="absolute top-0 left-0 overflow-visible" width="1" height="1" aria-hidden="true">
      {(layout.presented === true ? [] : layout.hooks).flatMap((hook) =>
        hook.cards.flatMap((card) => [lit(card.stop, 6.5), ...card.chains.map((c) => lit(c.stop, 4.5))]),
      )}
      {layout.devices.flatMap((device) => device.slots.map((slot) => lit(slot.stop, 4)))}
      <g transform={`translate(${x} ${y}) scale(${layout.presented === true ? 1.6 : 1})`}>
        <path
          d="M0 -25 25 0 0 25 -25 0Z"
          fill={routed ? 'var(--packet)' : 'var(--card)'}
          stroke={routed ? 'var(--packet-case)' : 'var(--routing)'}
          strokeWidth="2"
          strokeLinejoin="round"
        />
        <path
          d="M-8 5h8V-7M-3.5 -4 0 -7.5 3.5 -4M0 5h8M5 1.5 8.5 5 5 8.5"
          stroke={routed ? 'var(--packet-ink)' : 'var(--routing)'}
          strokeWidth="2"
          fill="none"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </g>
      <path
        transform={`translate(${ox} ${oy})`}
        d="M0 -12 12 0 0 12 -12 0Z"
        fill={looked ? 'var(--packet)' : 'var(--card)'}
        stroke={looked ? 'var(--packet-case)' : 'var(--routing)'}
        strokeWidth="1.8"
        strokeLinejoin="round"
      />
      <g
        className={
          layout.presented === true
            ? 'fill-routing font-semibold text-[18px]'
            : 'fill-routing font-semibold text-[12px]'
        }
        stroke="var(--canvas)"
        strokeWidth="5"
        paintOrder="stroke"
        strokeLinejoin="round"
      >
        <text
          x={layout.presented === true ? x - 46 : x}
          y={layout.presented === true ? y - 48 : y + 41}
          textAnchor="middle"
        >
          routing
        </text>
        <text x={ox + 20} y={oy + 4} className="fill-t3 font-[550]">
          route lookup
        </text>
      </g>
    </svg>
  );
}
