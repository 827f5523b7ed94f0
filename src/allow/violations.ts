import { createHash } from 'node:crypto';
import type { Judged } from '../check.js';
import type { SuppressedViolation, Violation } from '../report/report.js';
import type { Finding } from '../rule.js';

export interface Verdict {
  readonly violations: readonly Violation[];
  readonly suppressed: readonly SuppressedViolation[];
}

/** Findings become violations: in scope, sorted by place, with a fingerprint that moved lines and suppressed neighbours do not change. */
export function violationsOf(
  judged: readonly Judged[],
  reported: (file: string) => boolean,
  suppressions: ReadonlyMap<Finding, SuppressedViolation['suppressed']>,
): Verdict {
  const seen = new Map<string, number>();
  const violations: Violation[] = [];
  const suppressed: SuppressedViolation[] = [];
  for (const { choice, finding } of judged.filter(({ finding: { at } }) => reported(at.file)).sort(byPlace)) {
    const key = `${choice.rule.id}|${finding.at.file}|${finding.symbol}`;
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    const violation: Violation = {
      ruleId: choice.rule.id,
      severity: choice.severity,
      message: finding.message,
      at: finding.at,
      symbol: finding.symbol,
      ...(finding.aggregate === undefined ? {} : { aggregate: finding.aggregate }),
      ...(finding.involves === undefined ? {} : { involves: finding.involves }),
      related: finding.related ?? [],
      ...(finding.fix === undefined ? {} : { fix: finding.fix }),
      fingerprint: createHash('sha256').update(`${key}|${nth}`).digest('hex').slice(0, 16),
    };
    const by = suppressions.get(finding);
    if (by) suppressed.push({ ...violation, suppressed: by });
    else violations.push(violation);
  }
  return { violations, suppressed };
}

function byPlace(a: Judged, b: Judged): number {
  return (
    compare(a.finding.at.file, b.finding.at.file) ||
    a.finding.at.line - b.finding.at.line ||
    a.finding.at.column - b.finding.at.column ||
    compare(a.choice.rule.id, b.choice.rule.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
