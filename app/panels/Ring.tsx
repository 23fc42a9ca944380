/** Time that is left of a flow's timeout. */
export function Ring({
  share,
  size = 20,
  unconfirmed = false,
}: {
  readonly share: number;
  readonly size?: number;
  readonly unconfirmed?: boolean;
}) {
  const round = 2 * Math.PI * 7.5;
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="10" cy="10" r="7.500" fill="none" stroke="var(--line)" strokeWidth="3.400" />
      <circle
        cx="10"
        cy="10"
        r="7.500"
        fill="none"
        stroke="var(--conntrack)"
        strokeWidth="3.400"
        strokeDasharray={unconfirmed ? '3 2.900' : `${share * round} ${round}`}
        transform="rotate(-90 10 10)"
      />
    </svg>
  );
}
