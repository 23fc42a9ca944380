import { type InjectPlace, stores } from '../store';
import { cx, Icon } from '../ui';

/** Puts a packet in at a place, with one click. Seen on hover, focus and touch. */
export function SendButton({
  host,
  place,
  label,
  className,
}: {
  readonly host: string;
  readonly place: InjectPlace;
  readonly label: string;
  readonly className?: string;
}) {
  const where = place.at === 'interface' ? place.interface : place.at === 'hook' ? place.hook : place.at;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={cx(
        'send nodrag grid size-7 place-items-center rounded-[7px] border border-line-2 bg-card text-t1 hover:bg-btn hover:text-btn-ink',
        className,
      )}
      aria-label={label}
      title={label}
      data-testid={`send-${host}-${where}`}
      onClick={(e) => {
        e.stopPropagation();
        stores.view.getState().openComposer({ host, place }, true);
      }}
    >
      <Icon name="send" size={15} />
    </button>
  );
}
