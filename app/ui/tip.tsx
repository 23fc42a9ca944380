import { Tooltip } from 'radix-ui';
import type { ReactElement } from 'react';

/** A tooltip: says what a control does, and its keys. Never the only place where something is said. */
export function Tip({
  text,
  keys,
  children,
}: {
  readonly text: string;
  readonly keys?: string | undefined;
  readonly children: ReactElement;
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex items-center gap-2 rounded-[7px] border border-line-2 bg-card px-2 py-1 text-[12.5px] text-t1 shadow-lift"
        >
          {text}
          {keys !== undefined && <kbd className="mono text-[11px] text-t3">{keys}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

export function TipProvider({ children }: { readonly children: ReactElement }) {
  return <Tooltip.Provider delayDuration={450}>{children}</Tooltip.Provider>;
}
