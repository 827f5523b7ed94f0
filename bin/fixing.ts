import path from 'node:path';
import { UsageError } from '../src/errors.js';
import { type AppliedFix, type Fixed, type FixedFile, type FixOptions, fix } from '../src/fix/fix.js';
import { save } from '../src/fix/save.js';
import { uncommitted } from '../src/fix/uncommitted.js';
import type { Report, Violation } from '../src/report/report.js';
import { adopted, type LintTask, sinceOf, withoutKnown } from './adoption.js';
import { engineOptions } from './analysis.js';
import type { LintOptions } from './options.js';
import { withProgress } from './progress.js';

/** Mends and writes; gives the report of what remains. */
export async function fixed(task: LintTask): Promise<Report> {
  const { options } = task;
  if (options.interactive && !(process.stdin.isTTY && process.stdout.isTTY))
    throw new UsageError('--interactive needs a terminal; use --fix, or --fix-one with a fingerprint.');
  if (options.unsafe && !options.force) refuseUncommitted(path.resolve(options.cwd));
  const { engine, wants } = await mendingOf(task);
  const run = (chosen?: ReadonlySet<string>): Promise<Fixed> =>
    withProgress((onProgress) =>
      fix({
        ...engine,
        onProgress,
        once: options.fixOne !== undefined || chosen !== undefined,
        wants: (violation) => wants(violation) && chosen?.has(violation.fingerprint) !== false,
      }),
    );

  const outcome = await run();
  refuseOther(outcome.before, outcome.applied.length + outcome.skipped.length, options);
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

/** What mending starts from. */
export interface Mending {
  readonly engine: FixOptions;
  readonly wants: (violation: Violation) => boolean;
  /** Present where only what a change brought is reported. */
  readonly brought?: Report;
}

/** Of a change only what is reported is mended; what a baseline knows may be mended any time. */
export async function mendingOf(task: LintTask): Promise<Mending> {
  const { paths, options, choices } = task;
  const engine = { ...(await engineOptions(paths, options)), ...choices, unsafe: options.unsafe === true };
  const brought = sinceOf(options) === undefined ? undefined : await adopted(task);
  const prints = brought && new Set(brought.violations.map(({ fingerprint }) => fingerprint));
  return {
    engine,
    wants: ({ fingerprint }) =>
      prints?.has(fingerprint) !== false && (options.fixOne === undefined || fingerprint.startsWith(options.fixOne)),
    ...(brought && { brought }),
  };
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

/** A fingerprint that names none, several, or what may not be mended is a mistake. */
export function refuseOther({ violations }: Report, tried: number, { fixOne: wanted, unsafe }: LintOptions): void {
  if (wanted === undefined) return;
  const found = violations.filter(({ fingerprint }) => fingerprint.startsWith(wanted));
  const [only] = found;
  if (!only) throw new UsageError(`No finding has the fingerprint ${wanted}; --format json and the text report's fix lines name them.`);
  if (found.some(({ fingerprint }) => fingerprint !== only.fingerprint))
    throw new UsageError(`${found.length} findings have fingerprints that begin with ${wanted}: give more of it.`);
  if (!only.fix)
    throw new UsageError(`${only.ruleId} at ${only.at.file}:${only.at.line} has no fix: aggro explain ${only.ruleId} says what to do.`);
  if (!unsafe && tried === 0)
    throw new UsageError(`The fix of ${only.symbol} is unsafe (${only.fix.title}): add --unsafe, and --diff to see first what it does.`);
}

/** Shows the fixes that compile, one by one, and makes those that are wanted; together they are judged anew. */
async function chooseFixes(outcome: Fixed, cwd: string, run: (chosen: ReadonlySet<string>) => Promise<Fixed>): Promise<Fixed> {
  const { ask } = await import('./ask.js');
  const wanted = await ask(
    await Promise.all(
      outcome.applied.map(async (each) => ({
        id: each.violation.fingerprint,
        title: `${each.fix.title} (${each.fix.kind})`,
        message: each.violation.message,
        diff: await diffOf(each.alone(), cwd),
      })),
    ),
  );
  if (wanted.size === outcome.applied.length) return outcome;
  return run(wanted);
}

/** As `git apply` reads it, paths relative to the working directory. */
export async function diffOf(files: readonly FixedFile[], cwd: string): Promise<string> {
  const { unifiedDiff } = await import('../src/fix/diff.js');
  return unifiedDiff(files.map((each) => ({ ...each, file: path.relative(cwd, each.file).split(path.sep).join('/') })));
}
