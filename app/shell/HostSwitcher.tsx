import { Suspense, useState } from 'react';
import { hostIcon, useLab, useView } from '../store';
import { cx, Icon, later } from '../ui';

const load = () => import('./HostMenu').then((m) => m.HostMenu);
const HostMenu = later(load);
/** That it could not be loaded is told by a notice; the next press asks again. */
const missing = (): void => undefined;
const ahead = (): void => void load().catch(missing);

/** The host on show; opens the list of all hosts. */
export function HostSwitcher({ large = false }: { readonly large?: boolean }) {
  const host = useView((s) => s.host);
  const here = useView((s) => s.view === 'host');
  const icon = useLab((s) => hostIcon(s.lab.hosts[host]));
  const [asked, setAsked] = useState(false);
  if (host === '') return null;
  const className = cx(
    'flex h-[30px] min-w-0 items-center gap-[6px] rounded-[7px] px-2 pointer-coarse:h-11',
    large
      ? 'font-[650] text-[16px]'
      : here
        ? 'bg-raised font-semibold text-t1'
        : 'text-t2 hover:bg-raised hover:text-t1',
  );
  const face = (
    <>
      {!large && <Icon name={icon} size={17} />}
      <span className="max-w-[180px] truncate" title={host}>
        {host}
      </span>
      <Icon name="down" size={13} />
    </>
  );
  const button = (
    <button
      type="button"
      className={className}
      data-testid="crumb-host"
      aria-haspopup="menu"
      aria-label={`Host ${host}`}
      onPointerEnter={ahead}
      onFocus={ahead}
      onClick={() => void load().then(() => setAsked(true), missing)}
    >
      {face}
    </button>
  );
  if (!asked) return button;
  return (
    <Suspense fallback={button}>
      <HostMenu host={host} className={className}>
        {face}
      </HostMenu>
    </Suspense>
  );
}
