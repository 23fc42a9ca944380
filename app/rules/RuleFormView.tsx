import { useEffect, useMemo, useRef } from 'react';
import type { Catalogue, ExtensionInfo, OptionInfo, RuleForm, RulePart } from '../../src/engine';
import { cx, Icon, IconButton } from '../ui';
import { AddMatch } from './AddMatch';
import { type RulePlace, whyNot, whyNotOption } from './allowed';
import { useActions, useEdit, useKnown, usePlace, useProblems } from './context';
import { Field } from './Field';
import { addOption, criteriaOf, firstValue, infoOf, optionOf, removePart, setPart, targetOf } from './forms';
import { Help } from './Help';
import { problemText } from './marks';
import { criterionOf, type Meaning } from './meaning';
import { Problems } from './Problems';
import { pitfall } from './pitfalls';
import { TargetPicker } from './TargetPicker';
import { labelOf, plainHelp } from './words';

interface RuleFormProps {
  readonly id: number;
  readonly form: RuleForm;
  readonly line: number;
  readonly meaning: Meaning | null;
}

export const GRID =
  'grid grid-cols-[132px_40px_minmax(150px,206px)_minmax(0,1fr)_28px] items-center gap-x-2 slim:grid-cols-[minmax(0,1fr)_auto_28px] slim:gap-y-1';

/** Pixels between a rule that comes into view and the edges of the list (`scroll-my-4` there). */
const EDGE = 16;

/** The form of the open rule: one row for each option, as the catalogue declares it. */
export function RuleFormView({ id, form, line, meaning }: RuleFormProps) {
  const catalogue = useEdit((s) => s.catalogue);
  const here = usePlace();
  const protocol = useMemo(() => {
    const part = form.parts.find((p) => p.type === 'rule' && p.flag === 'protocol');
    return part === undefined || part.negated ? '' : (part.values[0] ?? '');
  }, [form]);
  const place: RulePlace = { ...here, protocol };
  const box = useRef<HTMLDivElement>(null);
  const there = catalogue !== null;
  // A rule at the end of what is in view opens below it; of a rule that does not fit the beginning is shown.
  useEffect(() => {
    const rule = box.current?.closest('li');
    const room = box.current?.closest('[data-scrolls]')?.clientHeight ?? 0;
    if (there && rule != null)
      rule.scrollIntoView({ block: rule.offsetHeight + 2 * EDGE > room ? 'start' : 'nearest' });
  }, [there]);
  if (catalogue === null) return <p className="p-3 text-t2">The options are loading …</p>;
  const criteria = criteriaOf(form);
  const target = targetOf(form);
  return (
    <div ref={box} className="pl-8 slim:pl-2" data-testid="rule-form">
      {criteria.length === 0 && (
        <p className="border-line border-t py-[11px] text-t2">No match: every packet that comes here.</p>
      )}
      {criteria.map((part) => (
        <PartRow key={keyOf(part)} {...{ id, part, place, catalogue, line, meaning }} />
      ))}
      <AddMatch id={id} form={form} place={place} catalogue={catalogue} />
      <TargetPicker id={id} form={form} place={place} catalogue={catalogue} />
      {target.options.map((part) => (
        <PartRow key={keyOf(part)} {...{ id, part, place, catalogue, line, meaning: null }} />
      ))}
      <TargetOptions id={id} form={form} catalogue={catalogue} place={place} />
      <Problems line={line} />
    </div>
  );
}

export const keyOf = (part: RulePart): string =>
  `${part.type}/${part.extension}/${part.index}/${part.flag || part.written}`;

function PartRow({
  id,
  part,
  place,
  catalogue,
  line,
  meaning,
}: {
  readonly id: number;
  readonly part: RulePart;
  readonly place: RulePlace;
  readonly catalogue: Catalogue;
  readonly line: number;
  readonly meaning: Meaning | null;
}) {
  const { change } = useActions();
  const known = useKnown();
  const opened = useEdit((s) => s.opened);
  const problem = useProblems(line).find((d) => d.column > part.start && d.endColumn <= part.end + 1);
  const info = infoOf(catalogue, part);
  const option = optionOf(catalogue, part);
  const label = option === null ? (info?.title ?? part.written) : labelOf(info, option);
  const key = keyOf(part);
  const was = opened?.parts.find((p) => keyOf(p) === key)?.values.join(' ') ?? null;
  const same = (p: RulePart): boolean => keyOf(p) === key;
  const set = (values: readonly string[], negated = part.negated): void => {
    void change(
      id,
      (form) => {
        const at = form.parts.find(same);
        return at === undefined ? form : setPart(form, at, values, negated);
      },
      `${id}/${key}`,
    );
  };
  const reason = info === null ? null : option === null ? whyNot(info, place) : whyNotOption(info, option, place);
  return (
    <div
      className={cx(GRID, 'min-h-[44px] border-line border-t py-1')}
      data-testid={`field-${part.flag || part.values[0]}`}
    >
      <span
        className="font-semibold text-[14px] slim:col-start-1"
        title={`${part.written} — ${plainHelp(option?.help ?? info?.help ?? '')}`}
      >
        {label}
        <span className="mono ml-[6px] hidden font-normal text-[12px] text-t3 slim:inline">{part.written}</span>
      </span>
      <span className="slim:col-start-2 slim:row-start-1">
        {option?.negatable === true && (
          <button
            type="button"
            aria-pressed={part.negated}
            aria-label={`${label}: not`}
            title={part.negated ? 'Matches all but this; press for this only' : 'Matches this; press for all but this'}
            className={cx(
              'h-7 w-10 rounded-[7px] text-[12.5px] pointer-coarse:h-11',
              part.negated ? 'bg-bad-w font-[650] text-bad' : 'text-t3 hover:bg-raised hover:text-t1',
            )}
            onClick={() => set(part.values, !part.negated)}
          >
            {part.negated ? 'not' : 'is'}
          </button>
        )}
      </span>
      <div className="slim:col-span-3 slim:row-start-2">
        {option === null ? (
          <span className={cx('mono text-[14px]', part.type === 'unknown' && 'text-bad')}>
            {[part.written, ...part.values].join(' ')}
          </span>
        ) : (
          <Field
            label={label}
            option={option}
            values={part.values}
            was={was === part.values.join(' ') ? null : was}
            known={known}
            invalid={problem !== undefined}
            testid={`input-${part.flag}`}
            onChange={set}
          />
        )}
      </div>
      <p className="text-[13.5px] text-t2 leading-[1.35] wrap-anywhere slim:col-span-3 slim:row-start-3">
        {problem === undefined ? (
          <Says part={part} place={place} line={line} meaning={meaning} reason={reason} option={option} info={info} />
        ) : (
          <span className="text-bad">{problemText(problem)}</span>
        )}
      </p>
      <IconButton
        icon="close"
        size={15}
        label={`Remove ${label}`}
        className="size-7! slim:col-start-3 slim:row-start-1"
        onClick={(e) => {
          // The next match has come under the pointer: a double click would take that, too.
          if (e.detail > 1) return;
          void change(id, (form) => {
            const at = form.parts.find(same);
            return at === undefined ? form : removePart(form, at, catalogue);
          });
        }}
      />
    </div>
  );
}

/** What an option means here: why it cannot stand, what the packet on show has, a pitfall, or else its help. */
function Says({
  part,
  place,
  line,
  meaning,
  reason,
  option,
  info,
}: {
  readonly part: RulePart;
  readonly place: RulePlace;
  readonly line: number;
  readonly meaning: Meaning | null;
  readonly reason: string | null;
  readonly option: OptionInfo | null;
  readonly info: ExtensionInfo | null;
}) {
  if (reason !== null) return <span className="text-bad">{reason}</span>;
  const past = meaning?.past ?? { dnat: null };
  const warns = pitfall(part, place, past);
  const criterion = criterionOf(meaning?.byLine.get(line), part);
  const { outcome, because } = criterion ?? { outcome: 'not-tested', because: '' };
  const told = outcome === 'yes' || outcome === 'no';
  return (
    <>
      {told && (
        <span className={outcome === 'yes' ? 'text-ok' : 'text-bad'} title={`For ${meaning?.packet ?? ''}`}>
          <Icon name={outcome === 'yes' ? 'check' : 'close'} size={13} className="mr-1 inline-block align-[-1px]" />
          <span className="sr-only">{outcome === 'yes' ? 'matches: ' : 'does not match: '}</span>
        </span>
      )}
      {told && because !== '' && <span className="text-t1">{capital(because)}. </span>}
      {warns ??
        (told && because !== '' ? null : (
          <Help text={option?.help ?? info?.help ?? 'Not an option that iptables knows here.'} />
        ))}
    </>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Options of the target in use that are not given yet. */
function TargetOptions({
  id,
  form,
  catalogue,
  place,
}: {
  readonly id: number;
  readonly form: RuleForm;
  readonly catalogue: Catalogue;
  readonly place: RulePlace;
}) {
  const { change } = useActions();
  const known = useKnown();
  const target = targetOf(form);
  const info = catalogue.targets.find((t) => t.name === target.part?.extension);
  const left = (info?.options ?? []).filter((o) => o.repeatable || !target.options.some((p) => p.flag === o.flag));
  if (info === undefined || left.length === 0) return null;
  const given = new Set(target.options.map((p) => p.flag));
  return (
    <div className="flex flex-wrap items-center gap-[6px] border-line border-t py-2">
      <span className="mr-1 text-[13px] text-t3">{info.title}</span>
      {left.map((o) => {
        const clash = o.excludes.find((other) => given.has(other));
        return (
          <button
            key={o.flag}
            type="button"
            disabled={clash !== undefined || whyNot(info, place) !== null}
            title={clash === undefined ? plainHelp(o.help) : `Does not go with --${clash}.`}
            className="mono h-7 rounded-[8px] border border-line-2 px-2 text-[12.5px] text-t2 hover:bg-raised hover:text-t1 disabled:border-line disabled:text-faint pointer-coarse:h-11"
            onClick={() => void change(id, (f) => addOption(f, info, o, firstValue(o, known)))}
          >
            + --{o.flag}
          </button>
        );
      })}
    </div>
  );
}
