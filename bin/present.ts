import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../src/errors.js';
import { repositoryRoot } from '../src/project/repository.js';
import type { BoundaryDiff } from '../src/report/boundary-diff.js';
import { allowedInWords } from '../src/report/counts.js';
import { CARRIES, render } from '../src/report/formats.js';
import { visible } from '../src/report/inert.js';
import type { Look } from '../src/report/look.js';
import type { Report } from '../src/report/report.js';
import { stopwatch } from '../src/stopwatch.js';
import { cacheUse } from './cache.js';
import { textWidth, wantsColor } from './channels.js';
import { deliver } from './deliver.js';
import type { LintOptions } from './options.js';
import type { Output } from './outputs.js';
import { linksFor } from './surroundings.js';

export interface Presented {
  readonly cwd: string;
  readonly diff?: BoundaryDiff | undefined;
}

/** Writes the report in every format that is asked for, files first: what stdout says is then true of them. */
export async function present(made: Report, outputs: readonly Output[], options: LintOptions, { cwd, diff }: Presented): Promise<void> {
  const clock = stopwatch();
  const report = { ...made, timing: { ...made.timing, anew: cacheUse() } };
  const inRepository = fromRepository(cwd);
  const ordered = [...outputs.filter(({ file }) => file !== undefined), ...outputs.filter(({ file }) => file === undefined)];
  for (const { format, file } of ordered) {
    const links = format === 'text' && file === undefined && options.color !== false ? await linksFor(process.stdout, cwd) : undefined;
    const look: Look = {
      color: wantsColor(file === undefined ? options : { ...options, output: file }),
      width: textWidth(),
      table: options.table,
      group: options.group,
      quiet: options.quiet ?? false,
      statistics: options.statistics ?? false,
      timing: options.timing ?? false,
      inRepository,
      ...(links && { links }),
      ...(diff && { diff }),
    };
    await deliver(await render(format, report, look), { ...(file !== undefined && { output: file }), cwd });
    if (format === 'github') await summarise(report, look);
  }
  clock.lap('report');
  await addToStderr({ ...report, timing: { ...report.timing, stages: [...report.timing.stages, ...clock.laps] } }, outputs, options);
}

/** Says what a report notices, and refuses one in which nothing was recognised. */
export async function tell(report: Report, outputs: readonly Output[], { allowEmpty }: Pick<LintOptions, 'allowEmpty'>): Promise<void> {
  const nothing = report.recognised === 0 && !allowEmpty;
  tellNotices(report, nothing ? [] : outputs);
  if (nothing) throw new UsageError((await import('../src/report/nothing-recognised.js')).nothingRecognised(report));
}

/** Notices are for people: they go to stderr unless the format that people read has them. */
function tellNotices(report: Report, outputs: readonly Output[]): void {
  if (outputs.some(({ format, file }) => file === undefined && CARRIES.notices.includes(format))) return;
  const allowed = allowedInWords(report).join(' · ');
  for (const notice of [...report.notices, ...(allowed === '' ? [] : [allowed])]) process.stderr.write(`aggro: ${visible(notice)}\n`);
}

async function summarise(report: Report, look: Look): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  const { githubSummary } = await import('../src/report/github-summary.js');
  try {
    await appendFile(file, githubSummary(report, look));
  } catch (error) {
    throw new UsageError(`Cannot write the job summary ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What was asked for and no format has room for. */
async function addToStderr(report: Report, outputs: readonly Output[], options: LintOptions): Promise<void> {
  const missing = (what: 'statistics' | 'timing'): boolean => !outputs.some(({ format }) => CARRIES[what].includes(format));
  if (options.statistics && missing('statistics')) {
    const { statisticsText } = await import('../src/report/statistics-text.js');
    process.stderr.write(`${statisticsText(report)}\n`);
  }
  if (options.timing && missing('timing')) {
    const { timingText } = await import('../src/report/timing-text.js');
    process.stderr.write(`${timingText(report.timing)}\n`);
  }
}

/** Platforms want paths from the root of the repository, wherever in it aggro was started. */
function fromRepository(cwd: string): Look['inRepository'] {
  const root = repositoryRoot(cwd);
  return (file) => path.relative(root, path.resolve(cwd, file)).split(path.sep).join('/');
}
