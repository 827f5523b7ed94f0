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

/** In the order in which the files come. */
export function byFile(violations: readonly Violation[]): [file: string, violations: Violation[]][] {
  const files = new Map<string, Violation[]>();
  for (const violation of violations) {
    const own = files.get(violation.at.file);
    if (own) own.push(violation);
    else files.set(violation.at.file, [violation]);
  }
  return [...files];
}
