import { Component, type ReactNode } from 'react';
import { Button, Empty } from './controls';

interface Props {
  /** What stands here: "The inspector". */
  readonly what: string;
  readonly children: ReactNode;
}

/**
 * Keeps a fault of one part of the page to that part: the others go on, and the lab is not touched. React wants a class
 * for this.
 */
export class Guard extends Component<Props, { readonly fault: string | null }> {
  override state = { fault: null };

  static getDerivedStateFromError(error: unknown): { readonly fault: string } {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    return (
      <div role="alert" data-testid="part-stopped">
        <Empty text={`${this.props.what} stopped. The lab is kept. (${fault})`}>
          <div className="flex gap-2">
            <Button size="sm" tone="primary" onClick={() => this.setState({ fault: null })}>
              Try again
            </Button>
            <Button size="sm" onClick={() => location.reload()}>
              Reload the page
            </Button>
          </div>
        </Empty>
      </div>
    );
  }
}
