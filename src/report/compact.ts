import { oneLine, placeOf, visible } from './layout.js';
import type { Report } from './report.js';

/** `file:line:col: severity rule-id: message`, what editors and scripts parse. */
export function compact(report: Report): string {
  return report.violations
    .map((violation) => `${placeOf(violation.at)}: ${violation.severity} ${visible(violation.ruleId)}: ${oneLine(violation.message)}\n`)
    .join('');
}
