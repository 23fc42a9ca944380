import { type ReactNode, Suspense, useState } from 'react';
import { later } from './later';

export interface MenuItem {
  readonly key: string;
  readonly label: ReactNode;
  readonly icon?: ReactNode;
  /** Its keys, at the right. */
  readonly hint?: string;
  readonly tone?: 'bad';
  readonly disabled?: boolean;
  /** One of a choice; says which is chosen. */
  readonly checked?: boolean;
  readonly testid?: string;
  readonly run: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly testid: string;
  readonly className: string;
  readonly items: readonly MenuItem[];
  readonly side?: 'top' | 'bottom';
  readonly align?: 'start' | 'end';
  /** Face of the button that opens it. */
  readonly children: ReactNode;
}

const load = () => import('./OpenMenu').then((m) => m.OpenMenu);
const OpenMenu = later(load);
/** That it could not be loaded is told by a notice; the next press asks again. */
const missing = (): void => undefined;
const ahead = (): void => void load().catch(missing);

/** A button with a menu. The menu itself is loaded when it is first asked for. */
export function Menu(props: MenuProps) {
  const { label, testid, className, children } = props;
  // Where the menu is put: over a modal drawer lies only what is inside of it.
  const [home, setHome] = useState<HTMLElement | null>(null);
  const button = (
    <button
      type="button"
      className={className}
      data-testid={testid}
      aria-haspopup="menu"
      aria-label={label}
      title={label}
      onPointerEnter={ahead}
      onFocus={ahead}
      onClick={(e) => {
        const over = e.currentTarget.closest<HTMLElement>('dialog') ?? document.body;
        load().then(() => setHome(over), missing);
      }}
    >
      {children}
    </button>
  );
  if (home === null) return button;
  return (
    <Suspense fallback={button}>
      <OpenMenu {...props} home={home} />
    </Suspense>
  );
}
