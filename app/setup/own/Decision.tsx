import { cx } from '../../ui';
import { Choice, TextBox } from '../fields';

/** Which packets a function or a rule of a program takes, and what it says of them. */
export function Decision<V extends string>({
  id,
  match,
  verdict,
  verdicts,
  verdictLabel,
  fault,
  help,
  className,
  onMatch,
  onVerdict,
}: {
  readonly id: string;
  /** A condition in the words of iptables; '' is every packet. */
  readonly match: string;
  readonly verdict: V;
  readonly verdicts: readonly (readonly [value: V, words: string])[];
  readonly verdictLabel: string;
  /** What is wrong with the condition. */
  readonly fault: string | undefined;
  readonly help?: string;
  readonly className?: string;
  readonly onMatch: (match: string) => string | null;
  readonly onVerdict: (verdict: V) => void;
}) {
  return (
    <div
      className={cx(
        'grid grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)] gap-x-4 gap-y-3 max-[900px]:grid-cols-1',
        className,
      )}
    >
      <TextBox
        label="Condition, as in a rule of iptables"
        value={match}
        placeholder="every packet"
        testid={`${id}-match`}
        problem={fault}
        help={help}
        commit={onMatch}
      />
      <Choice
        label={verdictLabel}
        value={verdict}
        options={verdicts}
        testid={`${id}-verdict`}
        onPick={(v) => onVerdict(v as V)}
      />
    </div>
  );
}
