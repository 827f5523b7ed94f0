import { columns } from './columns.js';
import { visible } from './layout.js';
import { type Paint, plain } from './paint.js';
import type { Report } from './report.js';
import { statisticsOf } from './statistics.js';

/** A line for each rule that found something; empty where none did. */
export function statisticsText(report: Report, paint: Paint = plain): string {
  const counts = statisticsOf(report);
  if (counts.length === 0) return '';
  const rows = counts.map(({ ruleId, severity, findings, aggregates, fixable }) => [
    String(findings),
    visible(ruleId),
    severity,
    String(aggregates),
    fixable === 0 ? '' : String(fixable),
  ]);
  return columns(['findings', 'rule', 'severity', 'aggregates', 'fixable'], rows, paint.strong).join('\n');
}
