import { createHash } from 'node:crypto';
import type { Judged } from './check.js';
import type { Violation } from './report/report.js';
import type { Rule, RuleOptions } from './rule.js';

export interface RuleChoice {
  readonly rule: Rule;
  readonly severity: 'info' | 'warning' | 'error';
  readonly options: RuleOptions;
}

/** Findings become violations: in scope, sorted by place, with a fingerprint that moved lines do not change. */
export function allow(judged: readonly Judged[], reported: (file: string) => boolean): Violation[] {
  const seen = new Map<string, number>();
  return judged
    .filter(({ finding }) => reported(finding.at.file))
    .sort(
      (a, b) =>
        compare(a.finding.at.file, b.finding.at.file) ||
        a.finding.at.line - b.finding.at.line ||
        a.finding.at.column - b.finding.at.column ||
        compare(a.choice.rule.id, b.choice.rule.id),
    )
    .map(({ choice, finding }) => {
      const key = `${choice.rule.id}|${finding.at.file}|${finding.symbol}`;
      const nth = (seen.get(key) ?? 0) + 1;
      seen.set(key, nth);
      return {
        ruleId: choice.rule.id,
        severity: choice.severity,
        message: finding.message,
        at: finding.at,
        symbol: finding.symbol,
        ...(finding.aggregate === undefined ? {} : { aggregate: finding.aggregate }),
        related: finding.related ?? [],
        ...(finding.fix === undefined ? {} : { fix: finding.fix }),
        fingerprint: createHash('sha256').update(`${key}|${nth}`).digest('hex').slice(0, 16),
      };
    });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
