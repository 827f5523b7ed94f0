import { withBaseline } from '../src/allow/with-baseline.js';
import { lint } from '../src/lint.js';
import type { Report } from '../src/report/report.js';
import type { Since } from '../src/since/since.js';
import { engineOptions, type RuleChoices } from './analysis.js';
import type { LintOptions } from './options.js';
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
  return withBaseline(report, paths, cwd, options.baseline);
}

export function sinceOf({ newFrom, changed, staged }: LintOptions): Since | undefined {
  if (newFrom !== undefined) return { kind: 'new-from', ref: newFrom };
  if (changed !== undefined) return { kind: 'changed', ref: changed === true ? 'HEAD' : changed };
  return staged ? { kind: 'staged' } : undefined;
}
