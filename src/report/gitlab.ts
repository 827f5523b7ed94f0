import { inertJson } from './data.js';
import { oneLine } from './layout.js';
import type { Look } from './look.js';
import type { Report } from './report.js';

const SEVERITY = { error: 'major', warning: 'minor', info: 'info' } as const;

/** A GitLab code quality report. GitLab drops findings whose fingerprint it has seen, so none occurs twice. */
export function gitlab(report: Report, { inRepository }: Pick<Look, 'inRepository'>): string {
  const seen = new Map<string, number>();
  const issues = report.violations.map(({ message, ruleId, severity, at, fingerprint }) => {
    const nth = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, nth);
    return {
      description: oneLine(message),
      check_name: ruleId,
      fingerprint: nth === 1 ? fingerprint : `${fingerprint}-${nth}`,
      severity: SEVERITY[severity],
      location: { path: inRepository(at.file), lines: { begin: at.line, end: at.endLine } },
    };
  });
  return `${inertJson(issues, 2)}\n`;
}
