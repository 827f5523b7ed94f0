import { inertJson } from './data.js';
import { violationEntry } from './json.js';
import type { Report } from './report.js';

/** Each violation as in the JSON report, one a line: for streams. */
export function jsonl(report: Report): string {
  return report.violations.map((violation) => `${inertJson(violationEntry(violation))}\n`).join('');
}
