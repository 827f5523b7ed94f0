import type { Span } from '../model/domain-model.js';
import { linesOf } from './code-frame.js';
import { inertJson } from './data.js';
import { editsOf } from './edits.js';
import { oneLine } from './layout.js';
import { relatedInWords } from './related.js';
import type { Edit, Report, Violation } from './report.js';

const SEVERITY = { error: 'ERROR', warning: 'WARNING', info: 'INFO' } as const;
const utf8 = new TextEncoder();

/** The diagnostic format of reviewdog, which counts columns in bytes. */
export function rdjson(report: Report): string {
  const range = rangesIn(report);
  const diagnostics = report.violations.map((violation) => {
    const suggestions = suggested(violation);
    return {
      message: [oneLine(violation.message), ...relatedInWords(violation)].join('\n'),
      location: { path: violation.at.file, range: range(violation.at) },
      severity: SEVERITY[violation.severity],
      code: { value: violation.ruleId },
      ...(suggestions.length > 0 && { suggestions: suggestions.map(({ at, text }) => ({ range: range(at), text })) }),
    };
  });
  return `${inertJson({ source: { name: 'aggro' }, diagnostics }, 2)}\n`;
}

/** A suggestion has no path of its own: a fix that changes other files as well cannot be told. */
function suggested(violation: Violation): readonly Edit[] {
  const edits = editsOf(violation);
  return edits.every(({ at }) => at.file === violation.at.file) ? edits : [];
}

function rangesIn(report: Report) {
  const known = new Map<string, readonly string[]>();
  const position = (file: string, line: number, column: number) => {
    const lines = known.get(file) ?? linesOf(report.sourceOf(file) ?? '');
    known.set(file, lines);
    return { line, column: utf8.encode((lines[line - 1] ?? ' '.repeat(column)).slice(0, column - 1)).length + 1 };
  };
  return ({ file, line, column, endLine, endColumn }: Span) => ({
    start: position(file, line, column),
    end: position(file, endLine, endColumn),
  });
}
