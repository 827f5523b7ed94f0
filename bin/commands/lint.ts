import { existsSync } from 'node:fs';
import path from 'node:path';
import { didYouMean } from '../../src/did-you-mean.js';
import { UsageError } from '../../src/errors.js';
import type { BoundaryDiff } from '../../src/report/boundary-diff.js';
import type { Report } from '../../src/report/report.js';
import { adopted } from '../adoption.js';
import { directoryOf } from '../analysis.js';
import { tellFailures } from '../failure.js';
import type { LintOptions } from '../options.js';
import { outputsFrom } from '../outputs.js';
import { present, tell } from '../present.js';
import { rulesFor } from '../settings.js';
import { severitiesFrom } from '../severities.js';
import { passes } from '../verdict.js';

const COMMANDS = ['lint', 'baseline', 'table', 'why', 'model', 'facts', 'explain', 'rules', 'init', 'doctor', 'completion', 'help'];

export async function run(paths: readonly string[], options: LintOptions): Promise<void> {
  if (options.printConfig !== undefined) return (await import('./print-config.js')).run(options.printConfig, options);
  if (!options.watch) return runOnce(paths, options);
  if (wantsFixes(options) || options.suppress.length > 0)
    throw new UsageError('--watch only looks: fix and suppress in a run of their own.');
  return (await import('../watching.js')).watch(directoryOf(options), options, () => runOnce(paths, options));
}

async function runOnce(paths: readonly string[], options: LintOptions): Promise<void> {
  const cwd = directoryOf(options);
  refuseMistypedCommand(paths, cwd);
  const outputs = await outputsFrom(options);
  const severities = severitiesFrom(options.rule, options.rule.length === 0 ? [] : await rulesFor(options));
  const task = { paths, options, choices: { severities, ...(options.preset && { preset: options.preset }) } };
  if (options.suppress.length > 0 || options.reason !== undefined) await (await import('../suppressing.js')).writeSuppressions(task);
  if (isDry(options)) return (await import('../dry-run.js')).dryRun(task, outputs);
  const report = wantsFixes(options) ? await (await import('../fixing.js')).fixed(task) : await adopted(task);
  await tell(report, outputs, options);
  const diff = options.tableDiff === undefined ? undefined : await diffSince(options.tableDiff, report, paths, options);
  process.exitCode = options.fixOnly || passes(report, options) ? 0 : 1;
  await present(report, outputs, options, { cwd, diff });
  tellFailures(report, options);
}

/** Git is asked only where somebody asks. */
async function diffSince(ref: string, report: Report, paths: readonly string[], options: LintOptions): Promise<BoundaryDiff> {
  return (await import('../table-diff.js')).diffSince(ref, report, paths, options);
}

function isDry({ fixDryRun, diff }: LintOptions): boolean {
  return fixDryRun === true || diff === true;
}

function wantsFixes({ fix, unsafe, fixOnly, fixOne, interactive, force }: LintOptions): boolean {
  const wanted = fix || fixOnly || interactive || fixOne !== undefined;
  if (!wanted && (unsafe || force))
    throw new UsageError(`--${unsafe ? 'unsafe' : 'force'} says how to fix: add --fix, or --diff to see first what it would do.`);
  return wanted === true;
}

/** `aggro tabel` reads as a path, since lint is the default command. */
function refuseMistypedCommand(paths: readonly string[], cwd: string): void {
  const [word, ...others] = paths;
  if (word === undefined || others.length > 1 || !/^[a-z]+$/i.test(word) || existsSync(path.resolve(cwd, word))) return;
  throw new UsageError(`"${word}" is neither a command nor a file${didYouMean(word, COMMANDS) || '; aggro --help lists the commands.'}`);
}
