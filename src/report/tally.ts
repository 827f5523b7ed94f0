import type { Violation } from './report.js';

export interface Counts {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

export function countsOf(violations: readonly Violation[]): Counts {
  const count = (severity: Violation['severity']): number => violations.filter((violation) => violation.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), infos: count('info') };
}
