import { SPEEDS, stores, usePlay } from '../store';
import { cx, Icon, type IconName, type Layout, Menu, Tip } from '../ui';

/** First, back, play, forward, speed. The keys are the page's, see the keyboard map. */
export function Transport({ layout }: { readonly layout: Layout }) {
  const playing = usePlay((s) => s.playing);
  const atStart = usePlay((s) => s.beat <= 0);
  const atEnd = usePlay((s) => s.beat >= s.beats.length - 1);
  const empty = usePlay((s) => s.beats.length === 0);
  const play = stores.play.getState();
  if (layout === 'narrow') {
    return (
      <div
        className="flex items-center justify-between px-5 low:max-[480px]:px-2"
        role="toolbar"
        aria-label="Transport"
        data-testid="transport"
      >
        <Control
          icon="stepBack"
          label="Back"
          keys="←"
          big
          disabled={atStart}
          onClick={play.prev}
          testid="transport-back"
        />
        <PlayButton playing={playing} disabled={empty} size={60} className="lowest:size-11!" />
        <Control
          icon="stepForward"
          label="Forward"
          keys="→"
          big
          disabled={atEnd}
          onClick={play.forward}
          testid="transport-forward"
        />
      </div>
    );
  }
  return (
    <div className="flex items-center gap-1" role="toolbar" aria-label="Transport" data-testid="transport">
      {layout === 'wide' && (
        <Control
          icon="first"
          label="First event"
          keys="Home"
          disabled={atStart}
          onClick={play.first}
          testid="transport-first"
        />
      )}
      <Control icon="stepBack" label="Back" keys="←" disabled={atStart} onClick={play.prev} testid="transport-back" />
      <PlayButton playing={playing} disabled={empty} size={46} />
      <Control
        icon="stepForward"
        label="Forward"
        keys="→"
        disabled={atEnd}
        onClick={play.forward}
        testid="transport-forward"
      />
      {layout === 'wide' && <Speed />}
    </div>
  );
}

function PlayButton({
  playing,
  disabled,
  size,
  className,
}: {
  readonly playing: boolean;
  readonly disabled: boolean;
  readonly size: number;
  readonly className?: string;
}) {
  return (
    <Tip text={playing ? 'Pause' : 'Play'} keys="Space">
      <button
        type="button"
        aria-label={playing ? 'Pause' : 'Play'}
        data-testid="transport-play"
        data-state={playing ? 'playing' : 'paused'}
        disabled={disabled}
        style={{ width: size, height: size }}
        className={cx(
          'mx-1 grid shrink-0 place-items-center rounded-full bg-btn text-btn-ink hover:opacity-90 disabled:opacity-40',
          className,
        )}
        onClick={() => stores.play.getState().toggle()}
      >
        <Icon name={playing ? 'pause' : 'play'} size={size > 50 ? 26 : 21} />
      </button>
    </Tip>
  );
}

function Control({
  icon,
  label,
  keys,
  big = false,
  disabled,
  onClick,
  testid,
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly keys: string;
  readonly big?: boolean;
  readonly disabled: boolean;
  readonly onClick: () => void;
  readonly testid: string;
}) {
  return (
    <Tip text={label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        data-testid={testid}
        // Stays focusable at the ends, so that the focus is not lost there.
        aria-disabled={disabled}
        className={cx(
          'grid shrink-0 place-items-center rounded-[10px] text-t1 hover:bg-raised aria-disabled:text-faint aria-disabled:hover:bg-transparent pointer-coarse:size-11',
          big ? 'lowest:size-11 size-13' : 'size-[38px]',
        )}
        onClick={() => {
          if (!disabled) onClick();
        }}
      >
        <Icon name={icon} size={big ? 24 : 20} />
      </button>
    </Tip>
  );
}

const speedText = (speed: number): string =>
  `${String(speed)
    .replace(/^0\.25$/, '¼')
    .replace(/^0\.5$/, '½')}×`;

function Speed() {
  const speed = usePlay((s) => s.speed);
  return (
    <Menu
      label={`Speed ${speed} times`}
      testid="transport-speed"
      side="top"
      className="num ml-2 grid h-[28px] w-[44px] shrink-0 place-items-center rounded-[7px] border border-line-2 font-semibold text-[12.5px] hover:bg-raised pointer-coarse:h-11"
      items={SPEEDS.map((s) => ({
        key: String(s),
        label: speedText(s),
        checked: s === speed,
        run: () => stores.play.getState().setSpeed(s),
      }))}
    >
      {speedText(speed)}
    </Menu>
  );
}
