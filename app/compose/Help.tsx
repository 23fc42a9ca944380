import { stores, useView } from '../store';
import { DialogFrame, Kbd, shortcut } from '../ui';

const KEYS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'The packet',
    [
      ['Space', 'play, pause'],
      ['← →', 'one event'],
      ['⇧ ← →', 'one packet'],
      ['Home End', 'first, last event'],
      ['[ ]', 'slower, faster'],
    ],
  ],
  [
    'The lab',
    [
      ['N', 'send a packet'],
      ['E', 'edit the rules'],
      ['C', 'console of the host'],
      ['Alt ↑ ↓', 'move a step'],
      [shortcut('Z'), 'undo'],
      [shortcut('Z', true), 'redo'],
      [shortcut('V'), 'paste a lab or a dump'],
    ],
  ],
  [
    'The graph',
    [
      ['Tab', 'from hook to hook'],
      ['↑ ↓', 'tables of a hook'],
      ['Enter', 'open'],
    ],
  ],
  [
    'The page',
    [
      [shortcut('K'), 'find or run anything'],
      ['G', 'network, host'],
      ['1 – 4', 'tabs of the inspector'],
      ['5', 'its sets, if the host has any'],
      ['T', 'light, dark'],
      ['P', 'presenter'],
      ['?', 'this list'],
      ['Esc', 'back'],
    ],
  ],
  [
    'The rule editor',
    [
      ['↑ ↓', 'from rule to rule'],
      ['Enter', 'open a rule'],
      ['M', 'add a match'],
      ['Alt ↑ ↓', 'move a rule'],
      ['Del', 'delete it'],
      [shortcut('F'), 'find in the text'],
      ['⇧ Alt F', 'format the text'],
      [shortcut('/'), 'turn rules of the text off, or on'],
    ],
  ],
];

/** What the keys do. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  const singleKeys = useView((s) => s.singleKeys);
  return (
    <DialogFrame title="Keyboard" testid="help" wide onClose={onClose}>
      <div className="gap-x-10 md:columns-2">
        {KEYS.map(([title, rows]) => (
          <section key={title} className="break-inside-avoid pb-5">
            <h3 className="pb-1 text-[14.5px]">{title}</h3>
            <dl className="m-0">
              {rows.map(([keys, does]) => (
                <div key={keys} className="flex items-center justify-between gap-4 border-line border-t py-[6px]">
                  <dt className="order-2 flex gap-1">
                    {keys.split(' ').map((key) =>
                      key === '–' ? (
                        <span key={key}>–</span>
                      ) : (
                        <Kbd key={key} listed>
                          {key}
                        </Kbd>
                      ),
                    )}
                  </dt>
                  <dd className="m-0 text-t2">{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="mt-5 flex items-start gap-2 border-line border-t pt-4 text-[13.5px]">
        <input
          type="checkbox"
          checked={singleKeys}
          className="mt-[2px] size-4 accent-(--btn)"
          data-testid="single-keys"
          onChange={(e) => stores.view.getState().setSingleKeys(e.target.checked)}
        />
        <span>
          Keys of one letter are on
          <span className="block text-t3">
            Turn them off where speech or a screen reader sends letters. They never work inside fields and editors.
          </span>
        </span>
      </label>
    </DialogFrame>
  );
}
