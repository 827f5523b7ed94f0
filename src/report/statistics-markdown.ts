import { cells, code } from './markup.js';
import type { Report } from './report.js';
import { statisticsOf } from './statistics.js';

/** A row for each rule that found something; empty where none did. */
export function statisticsMarkdown(report: Report): string {
  const counts = statisticsOf(report);
  if (counts.length === 0) return '';
  const head = ['findings', 'rule', 'severity', 'aggregates', 'fixable'];
  const rows = counts.map(({ ruleId, severity, findings, aggregates, fixable }) =>
    cells([String(findings), code(ruleId), severity, String(aggregates), fixable === 0 ? '' : String(fixable)]),
  );
  return [cells(head), cells(['---:', '---', '---', '---:', '---:']), ...rows].join('\n');
}
