import { DropdownMenu } from 'radix-ui';
import { cx } from './controls';
import { Glyph } from './glyphs';
import type { MenuProps } from './Menu';

/** The menu of a `Menu`, open as soon as it is there. */
export function OpenMenu({
  label,
  testid,
  className,
  items,
  side = 'bottom',
  align = 'start',
  children,
  home,
}: MenuProps & { readonly home: HTMLElement }) {
  return (
    <DropdownMenu.Root defaultOpen modal={false}>
      <DropdownMenu.Trigger className={className} data-testid={testid} aria-label={label} title={label}>
        {children}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={home}>
        {/* At the end of the page it is in none of its landmarks, so it is one. */}
        <section aria-label={label}>
          <DropdownMenu.Content
            // A long menu scrolls, also where none of its items has the focus yet.
            tabIndex={0}
            side={side}
            align={align}
            sideOffset={5}
            collisionPadding={8}
            className="z-50 max-h-[min(70vh,var(--radix-dropdown-menu-content-available-height))] min-w-[120px] overflow-y-auto rounded-[10px] border border-line-2 bg-card p-1 shadow-lift"
          >
            {items.map((item) => (
              <DropdownMenu.Item
                key={item.key}
                {...(item.checked === undefined ? {} : { role: 'menuitemradio', 'aria-checked': item.checked })}
                {...(item.disabled === true ? { disabled: true } : {})}
                data-testid={item.testid}
                className={cx(
                  'flex min-h-8 cursor-pointer items-center gap-2 rounded-[7px] px-2 text-[14px] outline-none data-highlighted:bg-raised data-disabled:text-faint pointer-coarse:min-h-11',
                  item.tone === 'bad' && 'text-bad',
                )}
                onSelect={item.run}
              >
                {item.icon}
                <span className="flex-1">{item.label}</span>
                {item.hint !== undefined && <span className="mono pl-4 text-[11px] text-t3">{item.hint}</span>}
                {item.checked === true && <Glyph name="pass" size={14} className="text-t2" />}
              </DropdownMenu.Item>
            ))}
          </DropdownMenu.Content>
        </section>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
