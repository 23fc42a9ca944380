import type { HostState } from '../../src/engine';
import { type InjectPlace, stores } from '../store';
import { Button, Icon } from '../ui';

/** What is selected, and what such a thing is. */
export function Title({ children, what }: { readonly children: React.ReactNode; readonly what: string }) {
  return (
    <>
      <h2 className="font-[670] text-[18px] wrap-anywhere">{children}</h2>
      <p className="pb-3 text-[13px] text-t2">{what}</p>
    </>
  );
}

/** Names with their values; those without one are left out. */
export function Facts({ rows }: { readonly rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-[5px] text-[13px]">
      {rows
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-t3 wrap-anywhere">{name}</dt>
            <dd className="mono m-0 whitespace-pre-line text-[12.5px] wrap-anywhere">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Fills the composer in for a place. */
export function Inject({
  host,
  place,
  children,
}: {
  readonly host: string;
  readonly place: InjectPlace;
  readonly children: string;
}) {
  return (
    <Button
      size="sm"
      icon="send"
      className="mt-4"
      data-testid="inject-here"
      onClick={() => stores.view.getState().openComposer({ host, place })}
    >
      {children}
    </Button>
  );
}

/** Some of the details, under a heading. */
export function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section className="mt-4">
      <h3 className="border-line border-b pb-1 font-[650] text-[13.5px]">{title}</h3>
      <div className="pt-1">{children}</div>
    </section>
  );
}

/** A row that leads to what it names. */
export function Line({
  name,
  value,
  onClick,
}: {
  readonly name: string;
  readonly value: string;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex min-h-8 w-full items-center gap-2 rounded-[6px] px-1 text-left text-[13px] hover:bg-raised pointer-coarse:min-h-11"
    >
      <span className="grid min-w-0 flex-1 grid-cols-[minmax(0,96px)_minmax(0,1fr)] items-baseline gap-x-3 py-[3px]">
        <span className="mono text-[12.5px] wrap-anywhere">{name}</span>
        <span className="mono whitespace-pre-line text-[12.5px] text-t2 wrap-anywhere">{value}</span>
      </span>
      <Icon name="right" size={14} className="flex-none text-t3" />
    </button>
  );
}

/** A route as `ip route` prints it, with its table where that is not main. */
export function RouteLine({ route: { text, table } }: { readonly route: HostState['routes'][number] }) {
  return (
    <p className="mono py-[2px] text-[12.5px] wrap-anywhere">
      {text}
      {table !== 'main' && <span className="font-sans text-t3"> table {table}</span>}
    </p>
  );
}
