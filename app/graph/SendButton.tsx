import { memo } from 'react';
import { type InjectPlace, stores } from '../store';
import { cx, Icon } from '../ui';
import { shallow } from './shallow';

/** Puts a packet in at a place, with one click. Seen on hover, focus and touch. */
export const SendButton = memo(
  function SendButton({
    host,
    place,
    label,
    large = false,
    className,
  }: {
    readonly host: string;
    readonly place: InjectPlace;
    readonly label: string;
    /** For fingers, and always in sight. */
    readonly large?: boolean;
    readonly className?: string;
  }) {
    const where = placeName(place);
    return (
      <button
        type="button"
        tabIndex={-1}
        className={cx(
          'nodrag grid shrink-0 place-items-center rounded-[7px]',
          large
            ? 'size-11 text-t3 hover:text-t1'
            : 'send size-7 border border-line-2 bg-card text-t1 hover:bg-btn hover:text-btn-ink',
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
        <Icon name="send" size={large ? 18 : 15} />
      </button>
    );
  },
  ({ place, ...rest }, { place: other, ...others }) => shallow(place, other) && shallow(rest, others),
);

const placeName = (place: InjectPlace): string =>
  place.at === 'interface' ? place.interface : place.at === 'hook' ? place.hook : place.at;
