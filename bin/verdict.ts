import type { Report } from '../src/report/report.js';
import { countsOf } from '../src/report/tally.js';
import type { LintOptions } from './options.js';

const SEVERITIES = ['error', 'warning', 'info'] as const;

/** Whether the run ends with 0: nothing as severe as `--fail-on`, no more warnings than allowed, and with `--ci` no stale baseline. */
export function passes(report: Report, options: Pick<LintOptions, 'failOn' | 'maxWarnings' | 'exitZero' | 'ci'>): boolean {
  const { failOn, maxWarnings = Number.POSITIVE_INFINITY, exitZero = false, ci = false } = options;
  const { violations, baseline } = report;
  const failing = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  const stale = ci && baseline !== undefined && baseline.gone.length > 0;
  return (
    exitZero || (!stale && violations.every(({ severity }) => !failing.includes(severity)) && countsOf(violations).warnings <= maxWarnings)
  );
}
