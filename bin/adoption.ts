import path from 'node:path';
import { againstBaseline, type Covers } from '../src/allow/baseline.js';
import { findBaseline, readBaseline } from '../src/allow/baseline-file.js';
import { lint } from '../src/lint.js';
import { absolute, isUnder } from '../src/project/paths.js';
import type { Report } from '../src/report/report.js';
import type { Since } from '../src/since/since.js';
import { engineOptions, type RuleChoices } from './analysis.js';
import type { BaselineChoice, LintOptions } from './options.js';
import { withProgress } from './progress.js';

/** One run of `aggro lint`. */
export interface LintTask {
  readonly paths: readonly string[];
  readonly options: LintOptions;
  readonly choices: RuleChoices;
}

/** A report without what a team lives with: known to its baseline, or there before the change. */
export function adopted(task: LintTask): Promise<Report> {
  return withProgress(async (onProgress) => {
    const engine = { ...(await engineOptions(task.paths, task.options)), ...task.choices, onProgress };
    const since = sinceOf(task.options);
    if (since === undefined) return withoutKnown(await lint(engine), task, engine.cwd);
    return (await import('../src/since/since.js')).lintSince(engine, since, (report, cwd) => withoutKnown(report, task, cwd));
  });
}

/** What the baseline knows is no violation. */
export function withoutKnown(report: Report, { paths, options }: LintTask, cwd: string): Report {
  const file = baselineFile(options, cwd);
  if (file === undefined) return report;
  return againstBaseline(report, readBaseline(file, cwd), covering(paths, cwd, report));
}

/** The baseline that is named, or the nearest. */
export function baselineFile({ baseline }: BaselineChoice, cwd: string): string | undefined {
  if (baseline === false) return undefined;
  return typeof baseline === 'string' ? absolute(cwd, baseline) : findBaseline(cwd);
}

/** Whether a file, there or not, lies under what was named. */
export function covering(paths: readonly string[], cwd: string, report: Pick<Report, 'inScope'>): Covers {
  const named = (paths.length === 0 ? ['.'] : paths).map((each) => absolute(cwd, each));
  return (file) => report.inScope(file) || named.some((each) => isUnder(each, path.posix.join(absolute(cwd, '.'), file)));
}

export function sinceOf({ newFrom, changed, staged }: LintOptions): Since | undefined {
  if (newFrom !== undefined) return { kind: 'new-from', ref: newFrom };
  if (changed !== undefined) return { kind: 'changed', ref: changed === true ? 'HEAD' : changed };
  return staged ? { kind: 'staged' } : undefined;
}
