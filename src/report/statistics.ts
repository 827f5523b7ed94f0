import { aggregateOf } from './names.js';
import type { Report, Violation } from './report.js';

export interface RuleCount {
  readonly ruleId: string;
  readonly severity: Violation['severity'];
  readonly findings: number;
  /** How many aggregates they are about. */
  readonly aggregates: number;
  readonly fixable: number;
}

/** Per rule, the most findings first. */
export function statisticsOf({ violations, model }: Report): RuleCount[] {
  const rules = [...new Set(violations.map(({ ruleId }) => ruleId))];
  const counts = rules.map((ruleId) => {
    const own = violations.filter((violation) => violation.ruleId === ruleId);
    return {
      ruleId,
      severity: own[0]?.severity ?? 'info',
      findings: own.length,
      aggregates: new Set(own.flatMap((violation) => aggregateOf(violation, model.aggregates) ?? [])).size,
      fixable: own.filter(({ fix }) => fix !== undefined).length,
    };
  });
  return counts.sort((one, other) => other.findings - one.findings || (one.ruleId < other.ruleId ? -1 : 1));
}
