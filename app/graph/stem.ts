import type { Box, Point } from './geometry';
import type { HostLayout } from './layout';
import { PILL_HEIGHT, type PillSpot } from './pill';

/**
 * From the packet to its pill, as a path. A pill beside a card is tied to the card: null if the packet is at none, undefined
 * while it moves.
 */
export function stemPath(
  at: Point,
  spot: Pick<PillSpot, 'x' | 'y' | 'w' | 'side'>,
  layout: Pick<HostLayout, 'hooks'>,
  card: Box | null | undefined,
): string {
  const [x] = at;
  const middle = spot.y + PILL_HEIGHT / 2;
  const above = spot.x + 20 < x && x < spot.x + spot.w - 20;
  const edge = x < spot.x ? spot.x : spot.x + spot.w;
  if (spot.side === 'below' || spot.side === 'above') {
    const from = stemStart(layout, at, spot.side === 'below');
    if (above) return `M${x} ${from}V${spot.side === 'below' ? spot.y : spot.y + PILL_HEIGHT}`;
    const turn = spot.side === 'below' ? middle - 10 : middle + 10;
    return `M${x} ${from}V${turn}Q${x} ${middle} ${x < edge ? Math.min(edge, x + 10) : Math.max(edge, x - 10)} ${middle}H${edge}`;
  }
  if (spot.side === 'left') return `M${x - 15} ${middle}H${spot.x + spot.w}`;
  if (card === undefined) return '';
  return `M${card === null ? x + 15 : card.x + card.w} ${middle}H${spot.x}`;
}

/** At the packet, or where its hook ends: stations that it has not reached are not to look travelled. */
function stemStart({ hooks }: Pick<HostLayout, 'hooks'>, [x, y]: Point, down: boolean): number {
  const hook = hooks.find((h) => Math.abs(h.rail - x) < 1 && h.y <= y && y <= h.y + h.h);
  const stations = hook?.cards.flatMap((card) => [card.station, ...card.chains.map((c) => c.y + c.h / 2)]) ?? [];
  const between = stations.some((s) => (down ? s > y + 14 : s < y - 14));
  if (hook === undefined || !between) return down ? y + 14 : y - 14;
  return down ? hook.y + hook.h : hook.y;
}
