import path from 'node:path';
import { againstBaseline, type Extent } from '../src/allow/baseline.js';
import { findBaseline, readBaseline } from '../src/allow/baseline-file.js';
import type { Change } from '../src/change/change.js';
import { lint } from '../src/lint.js';
import { absolute, isUnder } from '../src/project/paths.js';
import type { Report } from '../src/report/report.js';
import { engineOptions, type RuleChoices } from './analysis.js';
import type { BaselineChoice, LintOptions } from './options.js';
import { withProgress } from './progress.js';

/** A report without what a team lives with: known to its baseline, or there before the change. */
export function adopted(paths: readonly string[], options: LintOptions, choices: RuleChoices, ids: readonly string[]): Promise<Report> {
  return withProgress(async (onProgress) => {
    const engine = { ...(await engineOptions(paths, options)), ...choices, onProgress };
    const judge = (report: Report, cwd: string): Report => {
      const file = baselineFile(options, cwd);
      return file === undefined
        ? report
        : againstBaseline(report, readBaseline(file, cwd), { rules: ids, covers: covering(paths, cwd, report) });
    };
    const change = changeOf(options);
    if (change === undefined) return judge(await lint(engine), engine.cwd);
    return (await import('../src/change/change.js')).lintChange(engine, change, judge);
  });
}

/** The baseline that is named, or the nearest. */
export function baselineFile({ baseline }: BaselineChoice, cwd: string): string | undefined {
  if (baseline === false) return undefined;
  return typeof baseline === 'string' ? absolute(cwd, baseline) : findBaseline(cwd);
}

/** Whether a file, there or not, lies under what was named. */
export function covering(paths: readonly string[], cwd: string, report: Pick<Report, 'inScope'>): Extent['covers'] {
  const named = (paths.length === 0 ? ['.'] : paths).map((each) => absolute(cwd, each));
  return (file) => report.inScope(file) || named.some((each) => isUnder(each, path.posix.join(absolute(cwd, '.'), file)));
}

function changeOf({ newFrom, changed, staged }: LintOptions): Change | undefined {
  if (newFrom !== undefined) return { kind: 'new-from', ref: newFrom };
  if (changed !== undefined) return { kind: 'changed', ref: changed === true ? 'HEAD' : changed };
  return staged ? { kind: 'staged' } : undefined;
}
