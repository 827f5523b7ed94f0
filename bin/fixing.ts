import path from 'node:path';
import { UsageError } from '../src/errors.js';
import { type AppliedFix, type Fixed, type FixOptions, fix } from '../src/fix/fix.js';
import { save } from '../src/fix/save.js';
import { uncommitted } from '../src/fix/uncommitted.js';
import { visible } from '../src/report/inert.js';
import type { Report, Violation } from '../src/report/report.js';
import { adopted, type LintTask, sinceOf, withoutKnown } from './adoption.js';
import { engineOptions } from './analysis.js';
import { deliver } from './deliver.js';
import type { LintOptions } from './options.js';
import { withProgress } from './progress.js';

/** Mends and writes; gives the report of what remains, or nothing where a diff was asked for and printed. */
export async function fixed(task: LintTask): Promise<Report | undefined> {
  const { paths, options, choices } = task;
  const dry = options.fixDryRun === true || options.diff === true;
  if (options.interactive && !(process.stdin.isTTY && process.stdout.isTTY))
    throw new UsageError('--interactive needs a terminal; use --fix, or --fix-one with a fingerprint.');
  if (options.unsafe && !dry && !options.force) refuseUncommitted(path.resolve(options.cwd));
  const engine = { ...(await engineOptions(paths, options)), ...choices, unsafe: options.unsafe === true };
  const brought = await reportedOf(task);
  const run = (wants?: FixOptions['wants']): Promise<Fixed> =>
    withProgress((onProgress) =>
      fix({ ...engine, onProgress, wants: (violation, way) => brought(violation) && wants?.(violation, way) !== false }),
    );

  const outcome = options.fixOne === undefined ? await run() : await fixOne(options.fixOne, options, run);
  if (dry) {
    await showDiff(outcome, { ...options, cwd: engine.cwd });
    return undefined;
  }
  const chosen = options.interactive ? await chooseFixes(outcome, engine.cwd, run) : outcome;
  const { left } = save(chosen.files, chosen.applied, engine.cwd);
  const stays = new Set(left.map(({ file }) => file));
  const applied = chosen.applied.filter(({ files }) => !files.some((file) => stays.has(file)));
  const remaining = sinceOf(options) === undefined ? withoutKnown(withUnwritten(chosen, applied), task, engine.cwd) : await adopted(task);
  return {
    ...remaining,
    fixing: {
      applied,
      skipped: chosen.skipped,
      left: left.map(({ file, why }) => ({ file: path.relative(engine.cwd, file), why })),
      unresolved: chosen.unresolved,
    },
  };
}

/** Of a change only what is reported is mended; what a baseline knows may be mended any time. */
async function reportedOf(task: LintTask): Promise<(violation: Violation) => boolean> {
  if (sinceOf(task.options) === undefined) return () => true;
  const prints = new Set((await adopted(task)).violations.map(({ fingerprint }) => fingerprint));
  return ({ fingerprint }) => prints.has(fingerprint);
}

/** What was mended only in memory is still there. */
function withUnwritten({ after, applied }: Fixed, written: readonly AppliedFix[]): Report {
  const still = applied.filter((each) => !written.includes(each)).map(({ violation }) => violation);
  return { ...after, violations: [...after.violations, ...still] };
}

function refuseUncommitted(cwd: string): void {
  const files = uncommitted(cwd) ?? [];
  const [first] = files;
  if (first === undefined) return;
  const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
  throw new UsageError(
    `There are uncommitted changes (${first}${more}), and --unsafe changes behaviour: commit or stash them so that you can see and undo what it does, or add --force.`,
  );
}

async function fixOne(wanted: string, options: LintOptions, run: (wants: FixOptions['wants']) => Promise<Fixed>): Promise<Fixed> {
  const isWanted = ({ fingerprint }: Violation): boolean => fingerprint.startsWith(wanted);
  const outcome = await run(isWanted);
  const found = outcome.before.violations.filter(isWanted);
  const [only] = found;
  if (!only) throw new UsageError(`No finding has the fingerprint ${wanted}; --format json and the text report's fix lines name them.`);
  if (found.some(({ fingerprint }) => fingerprint !== only.fingerprint))
    throw new UsageError(`${found.length} findings have fingerprints that begin with ${wanted}: give more of it.`);
  if (!only.fix)
    throw new UsageError(`${only.ruleId} at ${only.at.file}:${only.at.line} has no fix: aggro explain ${only.ruleId} says what to do.`);
  if (!options.unsafe && outcome.applied.length + outcome.skipped.length === 0)
    throw new UsageError(`The fix of ${only.symbol} is unsafe (${only.fix.title}): add --unsafe, and --diff to see first what it does.`);
  return outcome;
}

async function showDiff({ files, skipped }: Fixed, options: LintOptions): Promise<void> {
  const { unifiedDiff } = await import('../src/fix/diff.js');
  const differences = files.map((each) => ({ ...each, file: relative(options.cwd, each.file) }));
  for (const { violation, fix: way, why } of skipped)
    process.stderr.write(`aggro: ${visible(`${violation.at.file}:${violation.at.line} ${way.title}: not applied: ${why}`)}\n`);
  process.exitCode = differences.length > 0 ? 1 : 0;
  await deliver(unifiedDiff(differences), options);
}

/** Shows the fixes that compile, one by one, and makes those that are wanted; together they are judged anew. */
async function chooseFixes(outcome: Fixed, cwd: string, run: (wants: FixOptions['wants']) => Promise<Fixed>): Promise<Fixed> {
  const { ask } = await import('./ask.js');
  const { unifiedDiff } = await import('../src/fix/diff.js');
  const wanted = await ask(
    outcome.applied.map((each) => ({
      id: each.violation.fingerprint,
      title: `${each.fix.title} (${each.fix.kind})`,
      message: each.violation.message,
      diff: unifiedDiff(each.alone().map((file) => ({ ...file, file: relative(cwd, file.file) }))),
    })),
  );
  if (wanted.size === outcome.applied.length) return outcome;
  return run(({ fingerprint }) => wanted.has(fingerprint));
}

function relative(cwd: string, file: string): string {
  return path.relative(cwd, file).split(path.sep).join('/');
}
