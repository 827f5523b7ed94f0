import type { Report } from '../src/report/report.js';
import { active, countsOf } from '../src/report/tally.js';
import type { LintOptions } from './options.js';

const SEVERITIES = ['error', 'warning', 'info'] as const;

/** Whether the run ends with 0: nothing as severe as `--fail-on`, and no more warnings than allowed. */
export function passes(report: Report, options: Pick<LintOptions, 'failOn' | 'maxWarnings' | 'exitZero'>): boolean {
  const { failOn, maxWarnings = Number.POSITIVE_INFINITY, exitZero = false } = options;
  const { violations } = active(report);
  const failing = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  return exitZero || (violations.every(({ severity }) => !failing.includes(severity)) && countsOf(violations).warnings <= maxWarnings);
}
