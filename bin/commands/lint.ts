import { existsSync } from 'node:fs';
import path from 'node:path';
import { didYouMean } from '../../src/did-you-mean.js';
import { UsageError } from '../../src/errors.js';
import { loadRules } from '../../src/load-rules.js';
import type { Report } from '../../src/report/report.js';
import { countsOf } from '../../src/report/tally.js';
import { directoryOf, linted } from '../analysis.js';
import { textWidth, wantsColor } from '../channels.js';
import { deliver } from '../deliver.js';
import type { LintOptions } from '../options.js';
import { severitiesFrom } from '../severities.js';

const COMMANDS = ['lint', 'table', 'why', 'model', 'explain', 'rules', 'help'];

export async function run(paths: readonly string[], options: LintOptions): Promise<void> {
  const cwd = directoryOf(options);
  refuseMistypedCommand(paths, cwd);
  const severities = severitiesFrom(options.rule, options.rule.length === 0 ? [] : await loadRules());
  const choices = { severities, ...(options.preset && { preset: options.preset }) };
  const report = wantsFixes(options)
    ? await (await import('../fixing.js')).fixed(paths, options, choices)
    : await linted(paths, options, choices);
  if (report === undefined) return;
  const nothing = report.model.aggregates.length === 0 && !options.allowEmpty;
  if (nothing || !carriesNotices(options)) for (const notice of report.notices) process.stderr.write(`aggro: ${notice}\n`);
  if (nothing) throw new UsageError((await import('../../src/report/nothing-recognised.js')).nothingRecognised(report));
  process.exitCode = options.fixOnly || passes(report, options) ? 0 : 1;
  await deliver(await render(report, options), { ...options, cwd });
}

function wantsFixes({ fix, unsafe, fixOnly, fixOne, fixDryRun, diff, interactive, force }: LintOptions): boolean {
  const wanted = fix || fixOnly || fixDryRun || diff || interactive || fixOne !== undefined;
  if (!wanted && (unsafe || force))
    throw new UsageError(`--${unsafe ? 'unsafe' : 'force'} says how to fix: add --fix, or --diff to see first what it would do.`);
  return wanted === true;
}

/** Only the format that is asked for is loaded. */
async function render(report: Report, options: LintOptions): Promise<string> {
  const { quiet = false, table, group } = options;
  const listed = quiet ? { ...report, violations: report.violations.filter((violation) => violation.severity === 'error') } : report;
  switch (options.format) {
    case 'compact':
      return (await import('../../src/report/compact.js')).compact(listed);
    case 'json':
      return (await import('../../src/report/json.js')).json(listed);
    case 'markdown':
      return (await import('../../src/report/markdown.js')).markdown(report, { table, quiet });
    case 'text':
      return (await import('../../src/report/text.js')).text(report, {
        color: wantsColor(options),
        width: textWidth(),
        table,
        group,
        quiet,
      });
  }
}

function passes(report: Report, { maxWarnings = Number.POSITIVE_INFINITY }: LintOptions): boolean {
  const { errors, warnings } = countsOf(report.violations);
  return errors === 0 && warnings <= maxWarnings;
}

/** In text and markdown the notices stand in the report itself. */
function carriesNotices({ format }: LintOptions): boolean {
  return format === 'text' || format === 'markdown';
}

/** `aggro tabel` reads as a path, since lint is the default command. */
function refuseMistypedCommand(paths: readonly string[], cwd: string): void {
  const [word, ...others] = paths;
  if (word === undefined || others.length > 1 || !/^[a-z]+$/i.test(word) || existsSync(path.resolve(cwd, word))) return;
  throw new UsageError(`"${word}" is neither a command nor a file${didYouMean(word, COMMANDS) || '; aggro --help lists the commands.'}`);
}
