import { existsSync } from 'node:fs';
import path from 'node:path';
import { didYouMean } from '../../src/did-you-mean.js';
import { UsageError } from '../../src/errors.js';
import { loadRules } from '../../src/load-rules.js';
import type { Report } from '../../src/report/report.js';
import { countsOf } from '../../src/report/tally.js';
import { adopted } from '../adoption.js';
import { directoryOf } from '../analysis.js';
import { textWidth, wantsColor } from '../channels.js';
import { deliver } from '../deliver.js';
import type { LintOptions } from '../options.js';
import { severitiesFrom } from '../severities.js';

const COMMANDS = ['lint', 'baseline', 'table', 'why', 'model', 'explain', 'rules', 'help'];

export async function run(paths: readonly string[], options: LintOptions): Promise<void> {
  const cwd = directoryOf(options);
  refuseMistypedCommand(paths, cwd);
  const ids = (await loadRules()).map((rule) => rule.id);
  const choices = { severities: severitiesFrom(options.rule, ids), ...(options.preset && { preset: options.preset }) };
  const task = { paths, options, choices, ids };
  if (options.suppress.length > 0 || options.reason !== undefined) await (await import('../suppressing.js')).writeSuppressions(task);
  const report = wantsFixes(options) ? await (await import('../fixing.js')).fixed(task) : await adopted(task);
  if (report === undefined) return;
  const nothing = report.model.aggregates.length === 0 && !options.allowEmpty;
  if (nothing || !carriesNotices(options)) await sayAside(report);
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

function passes(report: Report, { maxWarnings = Number.POSITIVE_INFINITY, ci = false }: LintOptions): boolean {
  const { errors, warnings } = countsOf(report.violations);
  const stale = ci && (report.baseline?.gone.length ?? 0) > 0;
  return errors === 0 && warnings <= maxWarnings && !stale;
}

/** For the formats that programs read. */
async function sayAside(report: Report): Promise<void> {
  const { allowedInWords } = await import('../../src/report/counts.js');
  const allowed = allowedInWords(report).join(' · ');
  for (const notice of [...report.notices, ...(allowed === '' ? [] : [allowed])]) process.stderr.write(`aggro: ${notice}\n`);
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
