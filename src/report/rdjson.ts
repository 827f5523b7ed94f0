import type { Span } from '../model/domain-model.js';
import { inertJson } from './data.js';
import { editsOf } from './edits.js';
import { oneLine } from './layout.js';
import { relatedInWords } from './related.js';
import type { Edit, Report, Violation } from './report.js';

const SEVERITY = { error: 'ERROR', warning: 'WARNING', info: 'INFO' } as const;
const utf8 = new TextEncoder();

/** The diagnostic format of reviewdog, which counts columns in bytes. */
export function rdjson(report: Report): string {
  const linesOf = linesIn(report);
  const diagnostics = report.violations.map((violation) => {
    const { file } = violation.at;
    const suggestion = suggested(violation, linesOf(file));
    return {
      message: [oneLine(violation.message), ...relatedInWords(violation)].join('\n'),
      location: { path: file, range: range(violation.at, linesOf(file)) },
      severity: SEVERITY[violation.severity],
      code: { value: violation.ruleId },
      ...(suggestion && { suggestions: [{ range: range(suggestion.at, linesOf(file)), text: suggestion.text }] }),
    };
  });
  return `${inertJson({ source: { name: 'aggro' }, diagnostics }, 2)}\n`;
}

type Lines = readonly string[];

/** A suggestion has no path of its own: a fix that changes other files as well cannot be told. */
function suggested(violation: Violation, lines: Lines): Edit | undefined {
  const edits = editsOf(violation);
  return edits.every(({ at }) => at.file === violation.at.file) ? asOne(edits, lines) : undefined;
}

/** Several suggestions would be several ways to mend it; so one takes along what lies between its edits. */
function asOne(edits: readonly Edit[], lines: Lines): Edit | undefined {
  const [first, ...others] = [...edits].sort(({ at: a }, { at: b }) => a.line - b.line || a.column - b.column);
  return others.reduce<Edit | undefined>(
    (whole, { at, text }) =>
      whole && {
        at: { ...whole.at, endLine: at.endLine, endColumn: at.endColumn },
        text: whole.text + between(whole.at, at, lines) + text,
      },
    first,
  );
}

function between({ endLine, endColumn }: Span, { line, column }: Span, lines: Lines): string {
  if (endLine === line) return (lines[line - 1] ?? '').slice(endColumn - 1, column - 1);
  const whole = lines.slice(endLine, line - 1);
  return [(lines[endLine - 1] ?? '').slice(endColumn - 1), ...whole, (lines[line - 1] ?? '').slice(0, column - 1)].join('\n');
}

/** Lines as places count them. */
function linesIn(report: Report): (file: string) => Lines {
  const known = new Map<string, Lines>();
  return (file) => {
    const lines = known.get(file) ?? (report.sourceOf(file) ?? '').split('\n');
    known.set(file, lines);
    return lines;
  };
}

function range({ line, column, endLine, endColumn }: Span, lines: Lines) {
  return { start: position(lines, line, column), end: position(lines, endLine, endColumn) };
}

function position(lines: Lines, line: number, column: number) {
  return { line, column: utf8.encode((lines[line - 1] ?? ' '.repeat(column)).slice(0, column - 1)).length + 1 };
}
