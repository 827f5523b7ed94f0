import { declares, knownFinding, matchKnown } from '../allow/known.js';
import type { KnownFinding, Report, Violation } from '../report/report.js';

/** A report about the code before the change, and what the change did to files. Paths relative to the working directory. */
export interface Before {
  readonly since: string;
  /** Absent where there was no code. */
  readonly report?: Report;
  readonly changed: ReadonlySet<string>;
  readonly moved: ReadonlyMap<string, string>;
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
  const { since, changed, moved } = before;
  const earlier = (before.report?.violations ?? []).map(
    (violation): Earlier => ({
      ...knownFinding(violation),
      file: moved.get(violation.at.file) ?? violation.at.file,
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
function mayHaveMoved({ symbol, file }: KnownFinding, to: string, now: Report, { report, moved }: Before): boolean {
  if (declares(now.model, file, symbol)) return false;
  const oldPath = [...moved].find(([, target]) => target === to)?.[0] ?? to;
  return !report || !declares(report.model, oldPath, symbol);
}
