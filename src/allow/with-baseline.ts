import path from 'node:path';
import { absolute, isUnder } from '../project/paths.js';
import type { Report } from '../report/report.js';
import { againstBaseline, type Covers } from './baseline.js';
import { findBaseline, readBaseline } from './baseline-file.js';

/** What the baseline knows is no violation: the one that is named, or the nearest; `false` asks none. */
export function withBaseline(report: Report, paths: readonly string[], cwd: string, named?: string | boolean): Report {
  const file = baselineFile(named, cwd);
  if (file === undefined) return report;
  return againstBaseline(report, readBaseline(file, cwd), covering(paths, cwd, report));
}

export function baselineFile(named: string | boolean | undefined, cwd: string): string | undefined {
  if (named === false) return undefined;
  return typeof named === 'string' ? absolute(cwd, named) : findBaseline(cwd);
}

/** Whether a file, there or not, lies under what was named. */
export function covering(paths: readonly string[], cwd: string, report: Pick<Report, 'inScope'>): Covers {
  const named = (paths.length === 0 ? ['.'] : paths).map((each) => absolute(cwd, each));
  return (file) => report.inScope(file) || named.some((each) => isUnder(each, path.posix.join(absolute(cwd, '.'), file)));
}
