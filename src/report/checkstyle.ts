import { oneLine } from './layout.js';
import type { Report } from './report.js';
import { byFile } from './tally.js';
import { element, xmlDocument } from './xml.js';

/** What Checkstyle writes, and what most review bots and build servers read. */
export function checkstyle(report: Report): string {
  const files = byFile(report.violations).map(([name, violations]) =>
    element(
      'file',
      { name },
      violations.map(({ at, severity, message, ruleId }) =>
        element('error', { line: at.line, column: at.column, severity, message: oneLine(message), source: `aggro.${ruleId}` }),
      ),
    ),
  );
  return xmlDocument(element('checkstyle', { version: '8.0' }, files));
}
