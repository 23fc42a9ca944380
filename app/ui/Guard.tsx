import { Component, type ReactNode } from 'react';
import { Button, cx, Empty } from './controls';
import { askAgain, NotLoaded } from './later';

interface Props {
  /** What stands here: "The inspector". */
  readonly what: string;
  readonly children: ReactNode;
  /** What lies over the page is to be closed where it does not come. */
  readonly onClose?: () => void;
}

/**
 * Keeps a fault of one part of the page to that part: the others go on, and the lab is not touched. React wants a class
 * for this.
 */
export class Guard extends Component<Props, { readonly fault: string | null }> {
  override state = { fault: null };

  static getDerivedStateFromError(error: unknown): { readonly fault: string } {
    if (error instanceof NotLoaded) return { fault: 'could not be loaded. The lab is kept.' };
    return { fault: `stopped. The lab is kept. (${error instanceof Error ? error.message : String(error)})` };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    const { onClose } = this.props;
    return (
      <div
        role="alert"
        data-testid="part-stopped"
        className={cx(
          onClose !== undefined &&
            'fixed top-16 left-1/2 z-50 w-[min(480px,calc(100vw-24px))] -translate-x-1/2 rounded-hook border border-line-2 bg-panel shadow-lift',
        )}
      >
        <Empty text={`${this.props.what} ${fault}`}>
          <div className="flex gap-2">
            <Button
              size="sm"
              tone="primary"
              onClick={() => {
                askAgain();
                this.setState({ fault: null });
              }}
            >
              Try again
            </Button>
            <Button size="sm" onClick={() => location.reload()}>
              Reload the page
            </Button>
            {onClose !== undefined && (
              <Button size="sm" onClick={onClose}>
                Close
              </Button>
            )}
          </div>
        </Empty>
      </div>
    );
  }
}
