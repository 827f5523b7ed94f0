import { counted } from './layout.js';
import { aggregateOf } from './names.js';
import type { Report, Violation } from './report.js';
import { type Counts, countsOf } from './tally.js';

/** `3 errors, 1 warning`; empty when there is nothing to count. */
export function inWords({ errors, warnings, infos }: Counts): string {
  const parts = [
    errors > 0 ? counted(errors, 'error') : '',
    warnings > 0 ? counted(warnings, 'warning') : '',
    infos > 0 ? counted(infos, 'info', 'infos') : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** The one sentence that closes a run. */
export function summaryOf(report: Report): string {
  return [foundInWords(report), ...allowedInWords(report)].join(' · ');
}

function foundInWords(report: Report): string {
  const { violations, model, files } = report;
  const aggregates = model.aggregates.length;
  const run = `${counted(files, 'file')}, ${seconds(report.durationMs)}`;
  if (violations.length === 0) return understood(report);
  const total = inWords(countsOf(violations));
  const affected = new Set(violations.flatMap((violation) => aggregateOf(violation, model.aggregates) ?? [])).size;
  if (affected === 0) return `${total} outside any one aggregate (${counted(aggregates, 'aggregate')}, ${run})`;
  return `${total} in ${affected} of ${counted(aggregates, 'aggregate')} (${run})`;
}

/** `4 can be mended: 3 with --fix, 1 more with --fix --unsafe`. */
export function fixable(violations: readonly Violation[]): string | undefined {
  const safe = violations.filter(({ fix }) => fix?.kind === 'safe').length;
  const unsafe = violations.filter(({ fix }) => fix?.kind === 'unsafe').length;
  if (safe + unsafe === 0) return undefined;
  if (unsafe === 0) return `${safe} can be mended with --fix, if the compiler agrees.`;
  if (safe === 0) return `${unsafe} can be mended with --fix --unsafe, if the compiler agrees.`;
  return `${safe + unsafe} can be mended if the compiler agrees: ${safe} with --fix, ${unsafe} more with --fix --unsafe.`;
}

/** A clean run says what was understood, so that nothing understood does not pass for clean. */
function understood({ model, recognised, files, durationMs, baseline, change }: Report): string {
  const where = `in ${counted(files, 'file')} (${seconds(durationMs)})`;
  if (recognised === 0) return `No aggregates recognised ${where}`;
  const repositories = model.repositories.filter((repository) => repository.abstraction).length;
  const all = baseline || change ? 'No new violations' : 'No violations';
  if (model.aggregates.length === 0) return `${all} ${where}: no aggregate lies there, ${recognised} elsewhere`;
  return `${all}: ${counted(model.aggregates.length, 'aggregate')}, ${counted(repositories, 'repository', 'repositories')}, ${counted(model.handlers.length, 'handler')} ${where}`;
}

/** What was found and is not listed: `2 suppressed`, `12 known, 1 new, 0 gone`, `4 held back (not from the change since main)`. */
export function allowedInWords({ suppressed, baseline, change }: Report): string[] {
  const inSource = suppressed.filter(({ suppressed: by }) => by.kind === 'inSource').length;
  return [
    ...(inSource > 0 ? [`${inSource} suppressed`] : []),
    ...(baseline ? [`${baseline.known} known, ${baseline.new} new, ${baseline.gone.length} gone`] : []),
    ...(change ? [`${change.heldBack} held back (not from the change since ${change.since})`] : []),
  ];
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
