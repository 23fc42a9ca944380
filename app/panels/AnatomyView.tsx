import { useState } from 'react';
import type { ConnSnapshot } from '../../src/model';
import { stores } from '../store';
import { Button, cx } from '../ui';
import { anatomy, anatomyText, type Token } from './anatomy';

/** What each piece of an entry's `conntrack -L` line says; a click on a word tells more of it. */
export function Anatomy({ entry, host }: { readonly entry: ConnSnapshot; readonly host: string }) {
  const [told, setTold] = useState<string | null>(null);
  const tokens = anatomy(entry);
  const more = tokens.flatMap((t) => t.words.map((w) => ({ ...w, key: keyOf(t, w.text) }))).find((w) => w.key === told);
  const copy = (): void => {
    navigator.clipboard.writeText(anatomyText(entry)).then(
      () => stores.notices.getState().say({ tone: 'ok', text: 'The line is on the clipboard.' }),
      () => stores.notices.getState().say({ tone: 'bad', text: 'The browser did not give access to the clipboard.' }),
    );
  };
  const remove = (): void => {
    const { original } = entry;
    const ports = original.sport === undefined ? '' : ` --sport ${original.sport} --dport ${original.dport}`;
    const command = `conntrack -D${entry.family === 6 ? ' -f ipv6' : ''} -p ${entry.protocol} -s ${original.src} -d ${original.dst}${ports}`;
    const { beats, beat } = stores.play.getState();
    const at = (beats[beat]?.userStep ?? stores.lab.getState().lab.steps.length - 1) + 1;
    stores.lab.getState().addStep({ run: { host, command } }, at);
    stores.notices.getState().say({
      tone: 'ok',
      text: `Step ${at + 1} deletes the flow: ${command}`,
      action: { label: 'Undo', run: () => stores.lab.getState().undo() },
      undoes: true,
    });
  };
  return (
    <section
      className="wide:max-h-[45dvh] wide:overflow-y-auto border-line border-t bg-panel px-[22px] pt-[14px] pb-[18px]"
      aria-label="What this line says"
      data-testid="ct-anatomy"
    >
      <div className="mb-3 flex flex-wrap items-center gap-[10px]">
        <h2 className="text-[18px]">{entry.confirmed ? 'What this line says' : 'What its line will say'}</h2>
        {entry.confirmed ? (
          <span className="mono text-[14px] text-t2">conntrack -L</span>
        ) : (
          <span className="text-[14px] text-t2">No command sees the flow before it is confirmed.</span>
        )}
        <span className="flex-1" />
        <Button size="sm" onClick={copy}>
          Copy line
        </Button>
        <Button
          size="sm"
          data-testid="ct-delete"
          disabled={!entry.confirmed}
          onClick={remove}
          title="Adds a step that deletes this flow"
        >
          conntrack -D
        </Button>
      </div>
      <div className="flex flex-wrap items-start gap-x-[10px] gap-y-3">
        {tokens.map((token) => (
          <div
            key={token.key}
            className={cx('min-w-0 max-w-full', token.wide ? 'grow basis-[520px]' : 'max-w-[236px]')}
          >
            <div
              className={cx(
                'mono flex flex-wrap justify-between gap-x-2 rounded-card border bg-card px-[4px] py-[3px] font-semibold text-[15px]',
                token.wide ? 'border-conntrack' : 'border-line',
              )}
            >
              {token.words.map((word) => {
                const key = keyOf(token, word.text);
                return (
                  <button
                    type="button"
                    key={key}
                    aria-pressed={told === key}
                    onClick={() => setTold(told === key ? null : key)}
                    className={cx(
                      'min-h-7 rounded-[6px] px-[6px] text-left wrap-anywhere hover:bg-raised pointer-coarse:min-h-11',
                      word.changed && 'text-nat',
                      told === key && 'bg-raised shadow-[0_0_0_1.5px_var(--t1)]',
                    )}
                  >
                    {word.text}
                  </button>
                );
              })}
            </div>
            <p className="px-[10px] pt-[5px] text-[13px] text-t2 leading-[1.35]">
              {token.wide && <b className="font-[620] text-t1">{token.key}: </b>}
              {token.says}
            </p>
          </div>
        ))}
      </div>
      <p
        className={cx(
          'mt-3 max-w-[90ch] text-[13.5px]',
          more === undefined ? 'text-t3' : 'rounded-card bg-raised px-3 py-2',
        )}
        aria-live="polite"
        data-testid="ct-more"
      >
        {more === undefined ? (
          'Click a word to be told more of it.'
        ) : (
          <>
            <b className={cx('mono mr-2 font-semibold', more.changed && 'text-nat')}>{more.text}</b>
            {more.more}
          </>
        )}
      </p>
    </section>
  );
}

const keyOf = (token: Token, word: string): string => `${token.key} ${word}`;
