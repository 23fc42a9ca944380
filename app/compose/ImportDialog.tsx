import { useMemo, useState } from 'react';
import type { Lab, LabHost, TextReport } from '../../src/engine';
import { labTitle, stores, useAnswer, useLab, useView } from '../store';
import { Button, counted, DialogFrame, Glyph, Icon, thin } from '../ui';
import { checkedPlaces, readLab, refusers } from './checked';
import { labOfParts, notSimulated } from './hostOfParts';
import { endImport, type Importing, openLab, type Place, putIntoHost } from './labFiles';
import { type Parts, readText } from './readText';

type Verdict =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'lab'; readonly lab: Lab; readonly inTexts: readonly Place[] }
  | { readonly kind: 'parts'; readonly parts: Parts; readonly strange: readonly Place[] }
  | { readonly kind: 'wrong'; readonly problems: readonly Place[] };

/** Characters of a text above which only its beginning is shown: fields are slow with more. */
const SHOWN = 100_000;

/** The beginning of a text that is too long to be shown, and how many lines it has; null if it is not. */
function beginningOf(text: string): { readonly text: string; readonly lines: number } | null {
  if (text.length <= SHOWN) return null;
  return { text: text.slice(0, text.lastIndexOf('\n', SHOWN) + 1 || SHOWN), lines: text.split('\n').length };
}

/** A pasted, dropped or opened text: what it is, what is wrong with it, and what can be made of it. */
export function ImportDialog({ importing }: { readonly importing: Importing }) {
  const [typed, setTyped] = useState<{ readonly into: Importing; readonly text: string } | null>(null);
  // Another text that is pasted or opened takes the place of what was typed.
  const text = typed?.into === importing ? typed.text : importing.text;
  const verdict = useVerdict(text);
  const beginning = useMemo(() => beginningOf(text), [text]);
  return (
    <DialogFrame
      title={importing.name === '' ? 'Paste a lab or a dump' : importing.name}
      testid="import"
      wide
      onClose={endImport}
    >
      <label className="flex flex-col gap-1">
        <span className="font-[550] text-[12px] text-t3">
          A lab file, iptables-save, ip addr, ip route, or several after each other
        </span>
        <textarea
          value={beginning?.text ?? text}
          readOnly={beginning !== null}
          rows={12}
          spellCheck={false}
          data-testid="import-text"
          className="mono w-full resize-y rounded-control border border-line-2 bg-card p-2 text-[12.5px] leading-[1.5]"
          onChange={(e) => setTyped({ into: importing, text: e.target.value })}
        />
      </label>
      {beginning !== null && (
        <p className="pt-1 text-[13px] text-t2" data-testid="import-beginning">
          This is only the beginning, of {thin(beginning.lines)} lines. All of them are read, and can be edited
          afterwards.
        </p>
      )}
      <div className="pt-3" aria-live="polite" data-testid="import-verdict" data-state={verdict.kind}>
        {verdict.kind === 'reading' && <p className="text-t2">Reading …</p>}
        {verdict.kind === 'wrong' && (
          <Problems title="Nothing was changed. This cannot be read:" list={verdict.problems} tone="bad" />
        )}
        {verdict.kind === 'lab' && <LabFound lab={verdict.lab} inTexts={verdict.inTexts} />}
        {verdict.kind === 'parts' && <PartsFound text={text} parts={verdict.parts} strange={verdict.strange} />}
      </div>
    </DialogFrame>
  );
}

/** Dumps of tools are sorted at once; whether a text is a lab is asked when no more of it is typed. */
function useVerdict(text: string): Verdict {
  const read = useMemo(() => (text.trim() === '' ? null : readText(text)), [text]);
  const mayBeLab = read !== null && read.kind !== 'parts' && read.kind !== 'unknown';
  const answer = useAnswer(text, mayBeLab ? () => readLab(text) : null, 150);
  if (read === null) return { kind: 'nothing' };
  if (read.kind === 'parts') return read;
  if (read.kind === 'unknown') return { kind: 'wrong', problems: read.problems };
  if (answer?.key !== text) return { kind: 'reading' };
  return 'lab' in answer.value ? { kind: 'lab', ...answer.value } : { kind: 'wrong', problems: answer.value.problems };
}

function Problems({
  title,
  list,
  tone,
}: {
  readonly title: string;
  readonly list: readonly Place[];
  readonly tone: 'bad' | 'rej';
}) {
  return (
    <div
      className={
        tone === 'bad'
          ? 'mt-3 rounded-card border border-bad bg-bad-w p-3'
          : 'mt-3 rounded-card border border-line bg-card p-3'
      }
    >
      <p className="font-semibold">{title}</p>
      <ul className="m-0 list-none p-0 pt-1" data-testid="import-problems">
        {list.slice(0, 12).map((p) => (
          <li key={`${p.line}:${p.column}:${p.message}`} className="flex gap-3 py-[2px] text-[13.5px]">
            {p.line > 0 && (
              <span className="num mono min-w-[40px] flex-none text-t2">
                {p.line}:{p.column}
              </span>
            )}
            <span className="min-w-0 wrap-anywhere">{p.message}</span>
          </li>
        ))}
      </ul>
      {list.length > 12 && <p className="pt-1 text-[13px] text-t2">And {thin(list.length - 12)} more.</p>}
    </div>
  );
}

/** A tick only where all of it takes part in the run. */
function Mark({ refused, unlike }: { readonly refused: boolean; readonly unlike: string }) {
  if (!refused && unlike !== '') return <Icon name="warn" size={20} className="mt-[2px] flex-none text-rej" />;
  return <Glyph name={refused ? 'bad' : 'ok'} className={refused ? 'mt-[2px] text-bad' : 'mt-[2px] text-ok'} />;
}

/** What is kept of a text, but takes no part in the run. */
function Unlike({ text }: { readonly text: string }) {
  if (text === '') return null;
  return (
    <p className="mt-3 rounded-card border border-rej p-3" data-testid="import-unlike">
      {text}
    </p>
  );
}

function LabFound({ lab, inTexts }: { readonly lab: Lab; readonly inTexts: readonly Place[] }) {
  const unlike = notSimulated(...Object.values(lab.hosts));
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <Mark refused={false} unlike={unlike} />
        <p className="min-w-0 flex-1">
          A lab: <b className="font-[650]">{labTitle(lab)}</b>, {Object.keys(lab.hosts).length} hosts,{' '}
          {lab.steps.length} steps.
        </p>
        <Button
          tone="primary"
          data-testid="import-open"
          onClick={() => {
            endImport();
            openLab(lab);
          }}
        >
          Open it
        </Button>
      </div>
      <Unlike text={unlike} />
      {inTexts.length > 0 && (
        <Problems title="The real tools would refuse this. The lab runs without it:" list={inTexts} tone="bad" />
      )}
    </>
  );
}

/** What the engine says about the texts of a lab that is not open yet; null until it has answered. */
function useReports(lab: Lab): readonly TextReport[] | null {
  // The engine has stopped, or takes it for no lab: what is made of it is run, and says so then.
  const ask = (): Promise<readonly TextReport[]> => stores.engine.check(lab).catch(() => []);
  const answer = useAnswer(lab, ask, 100);
  return answer?.key === lab ? answer.value : null;
}

function PartsFound({
  text,
  parts,
  strange,
}: {
  readonly text: string;
  readonly parts: Parts;
  readonly strange: readonly Place[];
}) {
  const hosts = useLab((s) => s.lab.hosts);
  const shown = useView((s) => s.host);
  const [host, setHost] = useState(shown);
  const made = useMemo(() => labOfParts(parts), [parts]);
  const reports = useReports(made.lab);
  const wrong = useMemo(() => (reports === null ? [] : checkedPlaces(reports, parts, text)), [reports, parts, text]);
  const tools = reports === null ? [] : refusers(reports);
  const names = Object.keys(hosts);
  const target = names.includes(host) ? host : (names[0] ?? '');
  const what = useMemo(() => contents(parts), [parts]);
  const texts = textsOf(parts);
  const unlike = notSimulated(parts);
  const open = (): void => {
    endImport();
    openLab(
      made.lab,
      tools.length > 0
        ? `A lab was made from the text, without the lines that ${tools.join(' and ')} would refuse. ${unlike}`.trim()
        : unlike === ''
          ? 'A lab was made from the text. Press its name at the top left to see what had to be guessed.'
          : `A lab was made from the text. ${unlike}`,
      tools.length > 0 ? 'bad' : unlike === '' ? 'ok' : 'info',
    );
  };
  const replace = (): void => {
    endImport();
    putIntoHost(target, texts, tools, unlike);
  };
  return (
    <>
      <div className="flex items-start gap-3">
        <Mark refused={tools.length > 0} unlike={unlike} />
        <p data-testid="import-what">{what}</p>
      </div>
      <Unlike text={unlike} />
      {wrong.length > 0 && (
        <Problems
          title={
            tools.length === 0
              ? 'To look at:'
              : `${tools.join(' and ')} would refuse this. It can be used without the lines at fault:`
          }
          list={wrong}
          tone={tools.length === 0 ? 'rej' : 'bad'}
        />
      )}
      {strange.length > 0 && <Problems title="These lines are left out:" list={strange} tone="rej" />}
      <div className="grid gap-3 pt-4 md:grid-cols-2">
        <section className="flex flex-col gap-3 rounded-[11px] border border-line bg-card p-3">
          <h3 className="text-[14.5px]">Into this lab</h3>
          {Object.keys(texts).length === 0 || target === '' ? (
            <p className="flex-1 text-[13px] text-t2">Addresses make a host of their own.</p>
          ) : (
            <>
              <p className="flex-1 text-[13px] text-t2">
                Replaces the text of a host, and runs the lab with it. Undo brings the old one back.
              </p>
              <div className="flex gap-2">
                <select
                  value={target}
                  aria-label="Host"
                  data-testid="import-host"
                  className="h-[34px] min-w-0 flex-1 rounded-control border border-line-2 bg-card px-2 pointer-coarse:h-11"
                  onChange={(e) => setHost(e.target.value)}
                >
                  {names.map((name) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
                <Button data-testid="import-replace" onClick={replace}>
                  Replace
                </Button>
              </div>
            </>
          )}
        </section>
        <section className="flex flex-col gap-3 rounded-[11px] border border-line bg-card p-3">
          <h3 className="text-[14.5px]">A new lab</h3>
          <p className="text-[13px] text-t2">A host with this text, and neighbours to send from.</p>
          {made.guesses.length > 0 && (
            <details className="text-[13px] text-t2" open={made.guesses.length < 5}>
              <summary className="cursor-pointer">
                {thin(made.guesses.length)} {made.guesses.length === 1 ? 'thing is' : 'things are'} guessed
              </summary>
              <ul className="m-0 list-disc pt-1 pl-5" data-testid="import-guesses">
                {made.guesses.map((guess) => (
                  <li key={guess} className="wrap-anywhere">
                    {guess}
                  </li>
                ))}
              </ul>
            </details>
          )}
          <span className="flex-1" />
          <Button tone="primary" data-testid="import-new" onClick={open}>
            Make a lab
          </Button>
        </section>
      </div>
    </>
  );
}

/** The members of a host that a text replaces. Interfaces belong to the network, so they do not. */
function textsOf(parts: Parts): Partial<LabHost> {
  const members = [
    'iptables',
    'ip6tables',
    'ipset',
    'nftables',
    'ipvs',
    'routes',
    'routes6',
    'rules',
    'rules6',
  ] as const;
  return Object.fromEntries(members.flatMap((m) => (parts[m] === '' ? [] : [[m, parts[m]]])));
}

function contents(parts: Parts): string {
  const rules = (text: string): number => text.split('\n').filter((l) => /^(\[\d+:\d+\] )?-A /.test(l.trim())).length;
  const tables = (text: string): string => [...text.matchAll(/^\*(\S+)/gm)].map((m) => m[1]).join(', ');
  const lines = (text: string): number => text.split('\n').filter((l) => l.trim() !== '').length;
  const words = [
    parts.iptables === '' ? '' : `iptables with ${counted(rules(parts.iptables), 'rule')} in ${tables(parts.iptables)}`,
    parts.ip6tables === ''
      ? ''
      : `ip6tables with ${counted(rules(parts.ip6tables), 'rule')} in ${tables(parts.ip6tables)}`,
    parts.interfaces.length === 0 ? '' : counted(parts.interfaces.filter((d) => d.name !== 'lo').length, 'interface'),
    parts.routes + parts.routes6 === '' ? '' : counted(lines(parts.routes + parts.routes6), 'route'),
    parts.rules + parts.rules6 === '' ? '' : counted(lines(parts.rules + parts.rules6), 'routing rule'),
    parts.ipset === '' ? '' : 'sets',
    parts.nftables === '' ? '' : 'nftables',
    parts.ipvs === '' ? '' : 'IPVS',
    Object.keys(parts.sysctl).length === 0 ? '' : 'sysctls',
  ].filter(Boolean);
  return words.length === 0 ? 'Routes that the kernel makes by itself.' : `Found: ${words.join('; ')}.`;
}
