import type { Span } from '../model/domain-model.js';
import { summaryOf } from './counts.js';
import { counted, oneLine, placeOf, visible } from './layout.js';
import type { Look } from './look.js';
import { relatedInWords } from './related.js';
import type { Report, Violation } from './report.js';

/** GitHub shows this many annotations of each level for a step, and drops the rest without a word. */
const SHOWN = 10;
const LEVEL = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Workflow commands that annotate the changed lines, as many as are shown; what is beyond stands in the log. */
export function github(report: Report, { inRepository }: Pick<Look, 'inRepository'>): string {
  const shown = (['error', 'warning', 'info'] as const).flatMap((severity) =>
    report.violations.filter((violation) => violation.severity === severity).slice(0, SHOWN),
  );
  const kept = new Set(shown);
  const beyond = report.violations.filter((violation) => !kept.has(violation));
  return [
    ...shown.map((violation) => annotation(violation, inRepository)),
    ...(beyond.length === 0 ? [] : [`::group::${data(`${counted(beyond.length, 'more finding')}, not annotated`)}`]),
    ...beyond.map(logLine),
    ...(beyond.length === 0 ? [] : ['::endgroup::']),
    ...report.notices.map((notice) => `aggro: ${harmless(oneLine(notice))}`),
    `aggro: ${harmless(oneLine(summaryOf(report)))}`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function annotation(violation: Violation, inRepository: Look['inRepository']): string {
  const { severity, ruleId, at, message } = violation;
  const properties = { file: visible(inRepository(at.file)), ...extent(at), title: `aggro: ${visible(ruleId)}` };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  // An encoded line break is the only one that a command can carry.
  const lines = [oneLine(message), ...relatedInWords(violation)].map(data).join('%0A');
  return `::${LEVEL[severity]} ${written.join(',')}::${lines}`;
}

/** Columns are understood within one line only. */
function extent({ line, column, endLine, endColumn }: Span) {
  return endLine === line ? { line, endLine, col: column, endColumn } : { line, endLine };
}

function logLine({ severity, ruleId, at, message }: Violation): string {
  return harmless(`${severity} ${placeOf(at)} ${visible(ruleId)}: ${oneLine(message)}`);
}

/** The runner obeys `::command::` at the start of a line, and the old `##[command]` anywhere in it. */
function harmless(line: string): string {
  return line.replaceAll('##[', '# #[');
}

function data(text: string): string {
  return harmless(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
