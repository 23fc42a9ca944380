import {
  cloneElement,
  createContext,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';

interface Shown {
  readonly anchor: Element;
  readonly text: string;
  readonly keys: string | undefined;
}

interface Tips {
  readonly show: (tip: Shown, wait: number) => void;
  readonly hide: () => void;
}

const TipContext = createContext<Tips | null>(null);
/** Milliseconds for which the pointer rests on a control before it is explained. */
const REST = 450;
const GAP = 6;
const EDGE = 8;

type Handlers = {
  readonly onPointerEnter?: (e: PointerEvent) => void;
  readonly onPointerLeave?: (e: PointerEvent) => void;
  readonly onPointerDown?: (e: PointerEvent) => void;
  readonly onFocus?: (e: FocusEvent) => void;
  readonly onBlur?: (e: FocusEvent) => void;
};

/** A tooltip: shows what a control is called (`text` is its accessible name, too), and its keys. */
export function Tip({
  text,
  keys,
  children,
}: {
  readonly text: string;
  readonly keys?: string | undefined;
  readonly children: ReactElement<Handlers>;
}) {
  const tips = useContext(TipContext);
  const own = children.props;
  return cloneElement(children, {
    onPointerEnter: (e) => {
      own.onPointerEnter?.(e);
      if (e.pointerType !== 'touch') tips?.show({ anchor: e.currentTarget, text, keys }, REST);
    },
    onPointerLeave: (e) => {
      own.onPointerLeave?.(e);
      tips?.hide();
    },
    onPointerDown: (e) => {
      own.onPointerDown?.(e);
      tips?.hide();
    },
    onFocus: (e) => {
      own.onFocus?.(e);
      if (e.currentTarget.matches(':focus-visible')) tips?.show({ anchor: e.currentTarget, text, keys }, 0);
    },
    onBlur: (e) => {
      own.onBlur?.(e);
      tips?.hide();
    },
  });
}

/** Shows the one tooltip that is open at a time. */
export function TipProvider({ children }: { readonly children: ReactElement }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const tips = useMemo<Tips>(
    () => ({
      show: (tip, wait) => {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setShown(tip), wait);
      },
      hide: () => {
        clearTimeout(timer.current);
        setShown(null);
      },
    }),
    [],
  );
  useEffect(() => showWhole(tips), [tips]);
  useEffect(() => {
    if (shown === null) return;
    const close = (e: KeyboardEvent): void => {
      if (e.key === 'Escape') setShown(null);
    };
    window.addEventListener('keydown', close);
    return () => window.removeEventListener('keydown', close);
  }, [shown]);
  return (
    <TipContext.Provider value={tips}>
      {children}
      {shown !== null && <Bubble shown={shown} />}
    </TipContext.Provider>
  );
}

/** Shows what a field has no room for, a long address say, while it is pointed at or has the focus and nobody types. */
function showWhole({ show, hide }: Tips): () => void {
  const listen = ({ target, type }: Event): void => {
    if (!(target instanceof HTMLInputElement)) return;
    const begins = type === 'pointerover' || type === 'focusin';
    if (!begins) hide();
    else if (target.scrollWidth > target.clientWidth)
      show({ anchor: target, text: target.value, keys: undefined }, type === 'focusin' ? 0 : REST);
  };
  const types = ['pointerover', 'focusin', 'pointerout', 'focusout', 'input'];
  for (const type of types) document.addEventListener(type, listen);
  return () => {
    for (const type of types) document.removeEventListener(type, listen);
  };
}

/** Below its control, above where there is no room, and never over the edge of the page. */
function Bubble({ shown }: { readonly shown: Shown }) {
  const bubble = useRef<HTMLDivElement>(null);
  const { anchor, text, keys } = shown;
  useLayoutEffect(() => {
    const element = bubble.current;
    if (element === null) return;
    const at = anchor.getBoundingClientRect();
    const { width, height } = element.getBoundingClientRect();
    const below = at.bottom + GAP + height < innerHeight - EDGE;
    const left = Math.max(EDGE, Math.min(innerWidth - EDGE - width, at.left + at.width / 2 - width / 2));
    element.style.left = `${left}px`;
    element.style.top = `${below ? at.bottom + GAP : at.top - GAP - height}px`;
  }, [anchor]);
  if (!anchor.isConnected) return null;
  // Inside a modal dialog, or it would lie below.
  const home = anchor.closest('dialog') ?? document.body;
  return createPortal(
    <div
      ref={bubble}
      data-testid="tip"
      // It shows the control's name and keys: who hears the page has heard the name.
      aria-hidden="true"
      className="pointer-events-none fixed z-[60] flex w-max max-w-[280px] items-center gap-2 rounded-[7px] border border-line-2 bg-card wrap-anywhere px-2 py-1 text-[12.5px] text-t1 shadow-lift"
    >
      {text}
      {keys !== undefined && <kbd className="mono text-[11px] text-t3">{keys}</kbd>}
    </div>,
    home,
  );
}
