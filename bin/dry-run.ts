import { type FixAlone, fixAlone } from '../src/fix/alone.js';
import { type Fixed, fix, type SkippedFix } from '../src/fix/fix.js';
import { visible } from '../src/report/inert.js';
import type { Report, Violation } from '../src/report/report.js';
import { type LintTask, withoutKnown } from './adoption.js';
import { deliver } from './deliver.js';
import { diffOf, type Mending, mendingOf, refuseOther } from './fixing.js';
import type { LintOptions } from './options.js';
import type { Output } from './outputs.js';
import { present, tell } from './present.js';
import { withProgress } from './progress.js';

/** Shows what mending would change: people get one diff, of all fixes together; reports have at each finding what mending it alone comes to. */
export async function dryRun(task: LintTask, outputs: readonly Output[]): Promise<void> {
  const { options } = task;
  const mending = await mendingOf(task);
  const isDiff = ({ format }: Output): boolean => options.format === undefined || format === 'text';
  const diffs = outputs.filter(isDiff);
  const reports = outputs.filter((output) => !isDiff(output));
  const together = diffs.length === 0 ? undefined : await makeTogether(mending, options);
  const alone = reports.length === 0 ? undefined : await makeAlone(mending, task);
  tellSkipped((together ?? alone)?.skipped ?? []);
  if (alone) await tell(alone.report, reports, options);
  process.exitCode = together?.files.length || alone?.made.length ? 1 : 0;
  if (alone) await present(alone.report, reports, options, { cwd: mending.engine.cwd });
  if (together) for (const { file } of diffs) await showDiff(together, file, mending.engine.cwd);
}

async function makeTogether({ engine, wants }: Mending, options: LintOptions): Promise<Fixed> {
  const outcome = await withProgress((onProgress) => fix({ ...engine, onProgress, wants, once: options.fixOne !== undefined }));
  refuseOther(outcome.before, outcome.applied.length + outcome.skipped.length, options);
  return outcome;
}

async function makeAlone({ engine, wants, brought }: Mending, task: LintTask) {
  const { report, made, skipped, unresolved } = await withProgress((onProgress) => fixAlone({ ...engine, onProgress, wants }));
  refuseOther(report, made.length + skipped.length, task.options);
  const reported = withEdits(brought ?? withoutKnown(report, task, engine.cwd), made);
  return { made, skipped, report: { ...reported, fixing: { applied: [], skipped, left: [], unresolved } } };
}

function withEdits(report: Report, made: readonly FixAlone[]): Report {
  const known = new Map(made.map(({ violation, fix: way, edits }) => [violation.fingerprint, { fix: way, edits }]));
  const mended = <Found extends Violation>(violation: Found): Found => ({ ...violation, edits: [], ...known.get(violation.fingerprint) });
  return { ...report, violations: report.violations.map(mended), suppressed: report.suppressed.map(mended) };
}

function tellSkipped(skipped: readonly SkippedFix[]): void {
  for (const { violation, fix: way, why } of skipped)
    process.stderr.write(`aggro: ${visible(`${violation.at.file}:${violation.at.line} ${way.title}: not applied: ${why}`)}\n`);
}

async function showDiff({ files }: Fixed, output: string | undefined, cwd: string): Promise<void> {
  await deliver(await diffOf(files, cwd), { ...(output !== undefined && { output }), cwd });
}
