import { useState } from 'react';
import type { Catalogue, ExtensionInfo, OptionInfo, RuleForm } from '../../src/engine';
import { cx, Icon, Kbd } from '../ui';
import { type RulePlace, whyNotOption } from './allowed';
import { useActions, useKnown } from './context';
import { addOption, firstValue, writtenOf } from './forms';
import { offerLabel, POPULAR, plainHelp } from './words';

interface Offer {
  readonly info: ExtensionInfo;
  readonly option: OptionInfo | null;
  readonly label: string;
  readonly syntax: string;
  readonly help: string;
  readonly reason: string | null;
}

/** What is needed to add something to a rule. */
export interface PickerProps {
  readonly id: number;
  readonly form: RuleForm;
  readonly place: RulePlace;
  readonly catalogue: Catalogue;
}

/** What can be added to a rule: a few that are wanted often, or what fits the words that are looked for. */
export function AddMatch({ id, form, place, catalogue }: PickerProps) {
  const [search, setSearch] = useState('');
  const { change } = useActions();
  const known = useKnown();
  const offers = search.trim() === '' ? popular(catalogue, form, place) : found(catalogue, form, place, search);
  const add = (offer: Offer): void => {
    setSearch('');
    const flag = offer.option?.flag ?? '';
    void change(id, (f) =>
      addOption(f, offer.info, offer.option, offer.option === null ? [] : firstValue(offer.option, known)),
    ).then(() => {
      requestAnimationFrame(() => {
        const input = document.querySelector<HTMLElement>(`[data-testid="input-${flag}"]`);
        input?.focus();
        if (input instanceof HTMLInputElement) input.select();
      });
    });
  };
  return (
    <div className="mt-1 grid grid-cols-[132px_minmax(0,1fr)] items-center gap-2 rounded-[11px] bg-well px-[10px] py-[9px] slim:grid-cols-1">
      <span className="flex items-center gap-[6px] font-semibold text-[14px]">
        <Icon name="plus" size={16} />
        Add match <Kbd>M</Kbd>
      </span>
      <div className="flex flex-wrap gap-[6px]">
        <label className="flex h-[30px] w-[150px] items-center gap-[6px] rounded-control border border-line-2 bg-card px-2 text-t3 focus-within:border-focus pointer-coarse:h-11">
          <Icon name="search" size={15} />
          <input
            className="w-full min-w-0 bg-transparent text-[13.5px] text-t1 outline-none placeholder:text-t3 pointer-coarse:text-[16px]"
            placeholder="Find a match"
            aria-label="Find a match"
            data-testid="find-match"
            value={search}
            onChange={(e) => setSearch(e.target.value)}
            onKeyDown={(e) => {
              const first = offers.find((o) => o.reason === null);
              if (e.key === 'Enter' && first !== undefined) {
                e.preventDefault();
                add(first);
              } else if (e.key === 'Escape' && search !== '') {
                e.preventDefault();
                e.stopPropagation();
                setSearch('');
              }
            }}
          />
        </label>
        {offers.length === 0 && <span className="self-center text-[13px] text-t2">No match is called so.</span>}
        {offers.map((offer) => (
          <button
            key={`${offer.info.name}/${offer.option?.flag ?? ''}`}
            type="button"
            aria-disabled={offer.reason !== null}
            title={offer.reason ?? plainHelp(offer.help)}
            data-testid={`add-${offer.info.name || 'rule'}-${offer.option?.flag ?? ''}`}
            className={cx(
              'inline-flex h-[30px] items-center gap-[6px] whitespace-nowrap rounded-[8px] border px-[10px] text-[13.5px] pointer-coarse:h-11',
              offer.reason === null
                ? 'border-line-2 bg-card font-[550] text-t1 hover:bg-raised'
                : 'cursor-default border-line border-dashed text-t3',
            )}
            onClick={() => {
              if (offer.reason === null) add(offer);
            }}
          >
            {offer.label}
            <span className="mono text-[12px] text-t3">{offer.reason ?? offer.syntax}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

const isUsed = (form: RuleForm, info: ExtensionInfo, option: OptionInfo): boolean =>
  form.parts.some(
    (p) => p.extension === info.name && p.flag === option.flag && (info.name !== '' || p.type === 'rule'),
  );

function offerOf(info: ExtensionInfo, option: OptionInfo, place: RulePlace): Offer {
  const written = writtenOf(info, option);
  const syntax = info.name === '' || (info.protocols ?? []).includes(info.name) ? written : `-m ${info.name}`;
  return {
    info,
    option,
    label: offerLabel(info, option),
    syntax,
    help: option.help,
    reason: whyNotOption(info, option, place),
  };
}

const MOST_POPULAR = 6;

function popular(catalogue: Catalogue, form: RuleForm, place: RulePlace): readonly Offer[] {
  const offers: Offer[] = [];
  for (const [name, flag] of POPULAR) {
    const info = name === '' ? catalogue.rule : catalogue.matches.find((m) => m.name === name);
    const option = info?.options.find((o) => o.flag === flag);
    if (info === undefined || option === undefined || isUsed(form, info, option)) continue;
    const offer = offerOf(info, option, place);
    // The same option of another protocol is offered once.
    if (offer.reason !== null || offers.some((o) => o.label === offer.label)) continue;
    offers.push(offer);
  }
  return offers.slice(0, MOST_POPULAR);
}

const MOST_FOUND = 12;

function found(catalogue: Catalogue, form: RuleForm, place: RulePlace, search: string): readonly Offer[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const scored: { readonly offer: Offer; readonly score: number }[] = [];
  for (const info of [catalogue.rule, ...catalogue.matches]) {
    if (!info.families.includes(place.family) || info.name === 'comment') continue;
    for (const option of info.options) {
      if (isUsed(form, info, option) && !option.repeatable && info.name === '') continue;
      const offer = offerOf(info, option, place);
      const name = `${offer.label} ${option.flag} ${info.name}`.toLowerCase();
      const all = `${name} ${info.title} ${option.help}`.toLowerCase();
      if (!words.every((w) => all.includes(w))) continue;
      const score = (words.every((w) => name.includes(w)) ? 0 : 2) + (offer.reason === null ? 0 : 4);
      scored.push({ offer, score });
    }
  }
  const offers = scored
    .sort((a, b) => a.score - b.score)
    .slice(0, MOST_FOUND)
    .map((s) => s.offer);
  // Ports of two protocols are called the same, and written the same.
  const looks = (o: Offer): string => `${o.label}/${o.reason ?? o.syntax}`;
  return offers.map((o) =>
    offers.some((other) => other !== o && looks(other) === looks(o))
      ? { ...o, label: `${o.label} (${o.info.title})` }
      : o,
  );
}
