import { type Lab, LabError, type TextReport } from '../../src/engine';
import { looksLikeLab, stores, toolOf } from '../store';
import type { Place } from './labFiles';
import type { Parts } from './readText';

/** What the engine finds wrong in the texts of a pasted dump: places in the dump as it was pasted, not in its parts. */
export function checkedPlaces(reports: readonly TextReport[], parts: Parts, pasted: string): readonly Place[] {
  const places: Place[] = [];
  for (const report of reports) {
    const text: unknown = parts[report.member as keyof Parts];
    const lines = typeof text === 'string' ? linesIn(text, pasted) : [];
    for (const d of report.diagnostics) {
      if (d.severity === 'info') continue;
      const at = lines[d.line - 1];
      places.push({
        line: at?.line ?? 0,
        column: at == null ? 0 : d.column + at.indent,
        message: messageOf(d),
      });
    }
  }
  return places.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** What is wrong, and how it is mended. A line that the tool names is one of its own text: the place says which is meant. */
function messageOf({ message, suggestion }: TextReport['diagnostics'][number]): string {
  const said = message.trim().replace(/ at line \d+$/, '');
  if (suggestion === undefined) return said;
  return `${/[.?!]$/.test(said) ? said : `${said}.`} ${suggestion.label}`;
}

/** Reads a lab file. The engine judges it, so that what is wrong is told with its line. Nothing is opened if it is none. */
export async function readLab(
  text: string,
): Promise<{ readonly lab: Lab; readonly inTexts: readonly Place[] } | { readonly problems: readonly Place[] }> {
  let reports: readonly TextReport[];
  try {
    reports = await stores.engine.check(text);
  } catch (error) {
    if (error instanceof LabError) return { problems: error.diagnostics };
    return {
      problems: [
        { line: 1, column: 1, message: error instanceof Error ? error.message : 'The lab could not be read.' },
      ],
    };
  }
  const value: unknown = JSON.parse(text);
  return looksLikeLab(value)
    ? {
        lab: value,
        inTexts: reports.flatMap((r) =>
          r.diagnostics
            .filter((d) => d.severity === 'error')
            // Its line is one of that text, not of the file around it.
            .map((d) => ({
              line: 0,
              column: 0,
              message: `${r.host}, ${r.member}${d.line > 0 ? `, line ${d.line}` : ''}: ${messageOf(d)}`,
            })),
        ),
      }
    : { problems: [{ line: 1, column: 1, message: 'A lab needs a list of steps.' }] };
}

/** The tools that would refuse what was pasted. */
export function refusers(reports: readonly TextReport[]): readonly string[] {
  return reports.filter((r) => r.diagnostics.some((d) => d.severity === 'error')).map((r) => toolOf(r.member));
}

/** For each line of a part, the line of the whole that it came from: parts keep their order. */
function linesIn(part: string, pasted: string): readonly ({ readonly line: number; readonly indent: number } | null)[] {
  const whole = pasted.replace(/\r\n?/g, '\n').split('\n');
  let next = 0;
  return part.split('\n').map((line) => {
    if (line.trim() === '') return null;
    for (let i = next; i < whole.length; i++) {
      const raw = whole[i] as string;
      if (raw.trim() !== line.trim()) continue;
      next = i + 1;
      return { line: i + 1, indent: Math.max(0, raw.indexOf(line.trim()) - line.indexOf(line.trim())) };
    }
    return null;
  });
}
