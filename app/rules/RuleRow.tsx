import { useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { memo, useEffect, useRef } from 'react';
import type { Finding, RuleForm, RulePart } from '../../src/engine';
import { counted, cx, Glyph, glyphColour, Icon, Knob, targetGlyph, thin } from '../ui';
import { useActions, useDraftComment, useEdit } from './context';
import { chipText, commentOf, criteriaOf, infoOf, optionOf, type RuleTarget, targetOf } from './forms';
import type { Meaning } from './meaning';
import type { RuleLine } from './model';
import { RowMenu } from './RowMenu';
import { RuleFormView } from './RuleFormView';
import { shortLabel } from './words';

interface RowProps {
  readonly id: number;
  readonly rule: RuleLine;
  readonly form: RuleForm | null;
  /** Number that the kernel gives it; 0 if it is off or left out. */
  readonly number: number;
  readonly leftOut: boolean;
  readonly open: boolean;
  readonly picked: boolean;
  readonly counters: readonly [number, number] | undefined;
  readonly meaning: Meaning | null;
  readonly notes: readonly Finding[];
  readonly onFocusMove: (from: number, by: -1 | 1, extend: boolean) => void;
}

/** One rule of the chain; open, with its form below. */
export const RuleRow = memo(Row, sameRow);

function Row(props: RowProps) {
  const { id, rule, form, number, leftOut, open, picked, counters, meaning } = props;
  const hue = useEdit((s) => s.table);
  const { setNodeRef, setActivatorNodeRef, listeners, transform, transition, isDragging } = useSortable({ id });
  const target = form === null ? null : targetOf(form);
  const tried = meaning?.byLine.get(rule.line);
  const testid = rule.off
    ? `rule-off-${rule.table}-${rule.chain}-L${rule.line}`
    : `rule-${rule.table}-${rule.chain}-${number || `L${rule.line}`}`;
  const called = rule.off
    ? `Rule that is off, line ${rule.line}`
    : number > 0
      ? `Rule ${number}`
      : `Line ${rule.line}, left out`;
  return (
    <div
      ref={setNodeRef}
      data-testid={testid}
      data-state={leftOut ? 'left-out' : rule.off ? 'off' : (tried?.outcome ?? 'idle')}
      className={cx(
        `hue-${hue}`,
        'relative rounded-[12px] border bg-card',
        open ? 'border-2 border-(--c) shadow-lift' : picked ? 'border-(--c)' : leftOut ? 'border-bad' : 'border-line',
        rule.off && !open && 'border-dashed',
        picked && !open && 'bg-(--w)',
        isDragging && 'z-10 shadow-lift',
      )}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <div
        className={cx(
          'flex items-center gap-[10px] pr-[10px] pl-[6px] max-[900px]:pl-3 max-[900px]:flex-wrap max-[900px]:gap-y-1 max-[900px]:py-2',
          open ? 'min-h-[46px]' : 'min-h-[50px]',
        )}
      >
        <button
          ref={setActivatorNodeRef}
          type="button"
          {...listeners}
          className="grid h-8 w-6 flex-none cursor-grab touch-none place-items-center rounded-[6px] text-t3 hover:bg-raised max-[900px]:hidden pointer-coarse:size-11"
          aria-label={`Move ${called}`}
          title="Drag, or Alt+↑ and Alt+↓"
          tabIndex={-1}
        >
          <Icon name="grip" size={18} />
        </button>
        <span className="num w-[22px] flex-none text-[15px] font-bold text-t2">{number > 0 ? number : '–'}</span>
        <Switch id={id} off={rule.off} called={called} testid={testid} />
        {open && form !== null ? <Title id={id} form={form} /> : <FaceButton {...props} called={called} />}
        {open && <span className="hidden flex-1 max-[900px]:block" />}
        {!open && target !== null && <TargetWord target={target} off={rule.off} />}
        <span
          className={cx(
            'num w-[72px] flex-none text-right text-[13px]',
            leftOut ? 'text-bad' : 'text-t3',
            open && 'w-auto! text-t2!',
          )}
          title={counters === undefined ? undefined : `${thin(counters[1])} bytes in this lab`}
        >
          {leftOut ? 'left out' : rule.off ? 'off' : counted(counters?.[0] ?? 0, 'pkt')}
        </span>
        {/* Its room is kept, so that all rows are in line. */}
        <span className="-mx-[5px] w-[13px] flex-none">
          {tried?.outcome === 'matched' && (
            <span title={`${meaning?.packet ?? 'The packet'} matches here`}>
              <Glyph name="here" size={13} label="the packet matches here" />
            </span>
          )}
        </span>
        <RowMenu id={id} rule={rule} called={called} />
      </div>
      {open && form !== null && (
        <div className="px-[14px] pb-2">
          <RuleFormView id={id} form={form} line={rule.line} meaning={meaning} />
        </div>
      )}
      {/* Below the form: what is found as one types moves nothing that one is about to press. */}
      {!rule.off && !leftOut && <Notes notes={props.notes} />}
    </div>
  );
}

/** Turns the rule on and off. */
function Switch({
  id,
  off,
  called,
  testid,
}: {
  readonly id: number;
  readonly off: boolean;
  readonly called: string;
  readonly testid: string;
}) {
  const actions = useActions();
  return (
    <button
      type="button"
      role="switch"
      aria-checked={!off}
      aria-label={`${called} is on`}
      data-testid={`switch-${testid}`}
      className="inline-flex h-7 flex-none items-center pointer-coarse:h-11"
      onClick={() => actions.toggle([id], off)}
    >
      <Knob on={!off} />
    </button>
  );
}

/** The rule as a button that opens its form, or picks it. */
function FaceButton({ id, rule, form, open, called, onFocusMove }: RowProps & { readonly called: string }) {
  const actions = useActions();
  return (
    <button
      type="button"
      data-rule={id}
      aria-expanded={open}
      aria-label={labelOf(called, rule, form)}
      className="flex min-h-[46px] min-w-0 flex-1 items-center gap-[10px] rounded-[8px] text-left max-[900px]:order-last max-[900px]:basis-full"
      onClick={(e) => {
        if (e.shiftKey) actions.pick(id, 'range');
        else if (e.metaKey || e.ctrlKey) actions.pick(id, 'toggle');
        else actions.openRule(open ? null : id);
      }}
      onKeyDown={(e) => {
        if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && !e.altKey) {
          e.preventDefault();
          onFocusMove(id, e.key === 'ArrowDown' ? 1 : -1, e.shiftKey);
        }
      }}
    >
      <Face rule={rule} form={form} />
    </button>
  );
}

/** What becomes of packets that the rule matches, and the first value of how. */
function TargetWord({ target, off }: { readonly target: RuleTarget; readonly off: boolean }) {
  const glyph = targetGlyph(target.name);
  const value = target.options[0]?.values[0];
  return (
    <span
      className={cx(
        'flex max-w-[230px] flex-none items-center gap-x-[6px] whitespace-nowrap text-[14.5px] font-[650] max-[900px]:min-w-0 max-[900px]:max-w-none max-[900px]:flex-1 max-[900px]:flex-wrap',
        off && 'text-t2',
      )}
    >
      {glyph !== null && <Glyph name={glyph} size={17} className={off ? 'text-t3' : glyphColour(glyph)} />}
      <span className="flex-none">{target.name === '' ? 'count only' : target.name}</span>
      {value !== undefined && (
        <span className="mono truncate font-normal text-[12.5px] text-t2" title={value}>
          {value}
        </span>
      )}
    </span>
  );
}

/** Whether a row looks the same: the text is read anew with every key, but most of its rules say what they said. */
function sameRow(a: RowProps, b: RowProps): boolean {
  const { rule: ra, counters: ca, meaning: ma, ...restA } = a;
  const { rule: rb, counters: cb, meaning: mb, ...restB } = b;
  if (ra.text !== rb.text || ra.line !== rb.line || ra.off !== rb.off || ra.chain !== rb.chain) return false;
  if (ca?.[0] !== cb?.[0] || ca?.[1] !== cb?.[1]) return false;
  if (a.open ? ma !== mb : ma?.byLine.get(ra.line)?.outcome !== mb?.byLine.get(rb.line)?.outcome) return false;
  return (Object.keys(restA) as (keyof typeof restA)[]).every((key) => restA[key] === restB[key]);
}

/** What makes no sense about a line, quietly; the line that is the reason is one press away. */
export function Notes({ notes }: { readonly notes: readonly Finding[] }) {
  const actions = useActions();
  return notes.map((note) => (
    <p
      key={`${note.kind}/${note.line}`}
      className="flex items-center gap-2 px-[14px] pb-2 text-[13px] text-t2"
      data-testid={`finding-${note.kind}-${note.line}`}
    >
      <Icon name="bulb" size={15} className="text-rej" />
      <span className="min-w-0 flex-1">{note.message}</span>
      {note.because > 0 && (
        <button
          type="button"
          className="rounded-[6px] px-2 py-[2px] text-[12.5px] font-[550] text-t2 underline underline-offset-2 hover:text-t1 pointer-coarse:min-h-11"
          onClick={() => actions.atLine(note.because, 'note')}
        >
          Show line {note.because}
        </button>
      )}
    </p>
  ));
}

function labelOf(called: string, rule: RuleLine, form: RuleForm | null): string {
  const comment = form === null ? '' : commentOf(form);
  return `${called}: ${comment === '' ? '' : `${comment}. `}${rule.text.replace(/^\S+\s+\S+\s*/, '') || 'every packet'}`;
}

/** The comment as the title, and the chips: what is asked in plain words, and how it is written. */
function Face({ rule, form }: { readonly rule: RuleLine; readonly form: RuleForm | null }) {
  const catalogue = useEdit((s) => s.catalogue);
  if (form === null || catalogue === null) {
    return <span className="mono truncate text-[13px] text-t3">{rule.text.replace(/^\S+\s+\S+\s*/, '')}</span>;
  }
  const criteria = criteriaOf(form);
  const comment = commentOf(form);
  return (
    <span className="flex min-w-0 flex-col gap-[3px] py-[6px]">
      {comment !== '' && <span className="wrap-anywhere font-semibold text-[14px] leading-[1.35]">{comment}</span>}
      <span className="flex min-w-0 flex-wrap gap-[6px]">
        {criteria.length === 0 && <span className="py-[3px] text-[13.5px] text-t2">every packet</span>}
        {criteria.map((part) => (
          <PartChip
            key={`${part.start}`}
            part={part}
            off={rule.off}
            label={shortLabel(infoOf(catalogue, part), optionOf(catalogue, part))}
          />
        ))}
      </span>
    </span>
  );
}

function PartChip({ part, label, off }: { readonly part: RulePart; readonly label: string; readonly off: boolean }) {
  const text = chipText(part);
  return (
    <span
      className={cx(
        'inline-flex min-h-[28px] max-w-full items-center gap-[6px] rounded-[8px] border px-[8px] text-[13px]',
        part.type === 'unknown' ? 'border-bad' : 'border-line bg-panel',
      )}
    >
      {label !== '' && <span className="text-[12px] text-t3">{label}</span>}
      <span className={cx('mono wrap-anywhere', off && 'text-t2', part.type === 'unknown' && 'text-bad')}>{text}</span>
    </span>
  );
}

function Title({ id, form }: { readonly id: number; readonly form: RuleForm }) {
  const [comment, setComment] = useDraftComment(id, commentOf(form));
  return (
    <span className="flex min-w-0 flex-1 items-center gap-1 max-[900px]:order-last max-[900px]:basis-full">
      <input
        aria-label="Comment of the rule"
        data-testid="rule-comment"
        placeholder="What is this rule for?"
        className="min-w-0 flex-1 rounded-[7px] bg-transparent px-1 py-1 text-[15.5px] font-[650] outline-none placeholder:font-normal placeholder:text-t3 hover:bg-panel focus:bg-panel focus:shadow-[0_0_0_2px_var(--focus)]"
        value={comment}
        maxLength={255}
        onChange={(e) => setComment(e.target.value)}
      />
      <CloseForm id={id} />
    </span>
  );
}

function CloseForm({ id }: { readonly id: number }) {
  const actions = useActions();
  const button = useRef<HTMLButtonElement>(null);
  // The row's own button has made place for the form: the focus stays in the rule.
  useEffect(() => {
    if (document.activeElement === document.body) button.current?.focus({ preventScroll: true });
  }, []);
  return (
    <button
      ref={button}
      type="button"
      data-rule={id}
      aria-expanded="true"
      aria-label="Close the rule"
      title="Close the rule · Esc"
      className="grid size-8 flex-none place-items-center rounded-control text-t3 hover:bg-raised hover:text-t1 pointer-coarse:size-11"
      onClick={() => actions.openRule(null)}
    >
      <Icon name="up" size={16} />
    </button>
  );
}
