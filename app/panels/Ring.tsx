import type { Phase } from './flows';
import './panels.css';

const ROUND = 2 * Math.PI * 7.5;

/** Time that is left of a flow's timeout: it draws when the flow is born, closes when it is confirmed, and unwinds. */
export function Ring({
  share,
  size = 20,
  unconfirmed = false,
  phase,
}: {
  readonly share: number;
  readonly size?: number;
  readonly unconfirmed?: boolean;
  readonly phase?: Phase | undefined;
}) {
  return (
    <span className="relative inline-grid flex-none" style={{ width: size, height: size }}>
      <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="7.500" fill="none" stroke="var(--line)" strokeWidth="3.400" />
        {phase === 'confirmed' && <circle cx="10" cy="10" r="2.800" fill="var(--conntrack)" className="ring-dot" />}
      </svg>
      <svg
        width={size}
        height={size}
        viewBox="0 0 20 20"
        aria-hidden="true"
        className="ring-sweep absolute inset-0"
        data-phase={phase}
      >
        <circle
          cx="10"
          cy="10"
          r="7.500"
          fill="none"
          stroke="var(--conntrack)"
          strokeWidth="3.400"
          strokeDasharray={unconfirmed ? '3 2.900' : `${share * ROUND} ${ROUND}`}
          transform="rotate(-90 10 10)"
        />
      </svg>
    </span>
  );
}
