import { declares, knownFinding, matchKnown } from '../allow/known.js';
import type { KnownFinding, Report, Violation } from '../report/report.js';

/** A report about the code before the change, and what the change did to files. */
export interface Before {
  readonly since: string;
  /** Absent where there was no code. Its paths are relative to where the working directory was then. */
  readonly report?: Report;
  /** Files whose text is another, relative to the working directory. */
  readonly changed: ReadonlySet<string>;
  /** Where a file of then is now, and where one of now was then. */
  readonly nowAt: (file: string) => string;
  readonly wasAt: (file: string) => string;
}

interface Earlier extends KnownFinding {
  readonly message: string;
}

/**
 * Keeps of a report what a change brought. A finding is new if none of its rule, symbol and parties was there before, wherever
 * the change is that made it: a handler in an untouched file that now writes two aggregates is new. `touched` keeps those as
 * well that stand in a changed file, or say something else than before.
 */
export function broughtBy(report: Report, before: Before, keep: 'new' | 'touched'): Report {
  const { since, changed, nowAt } = before;
  const earlier = (before.report?.violations ?? []).map(
    (violation): Earlier => ({
      ...knownFinding(violation),
      file: nowAt(violation.at.file),
      message: violation.message,
    }),
  );
  const { known } = matchKnown(earlier, report.violations, (entry, file) => mayHaveMoved(entry, file, report, before));
  const isBrought = (violation: Violation): boolean => {
    const entry = known.get(violation);
    return !entry || (keep === 'touched' && (changed.has(violation.at.file) || entry.message !== violation.message));
  };
  const violations = report.violations.filter(isBrought);
  return { ...report, violations, change: { since, heldBack: report.violations.length - violations.length } };
}

/** Away from where it was, and not to where one of that name has been all along. */
function mayHaveMoved({ symbol, file }: KnownFinding, to: string, { model }: Report, { report, wasAt }: Before): boolean {
  return !declares(model, file, symbol) && !(report && declares(report.model, wasAt(to), symbol));
}
