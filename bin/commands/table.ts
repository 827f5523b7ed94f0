import { UsageError } from '../../src/errors.js';
import { type BoundaryDiff, diffIsEmpty } from '../../src/report/boundary-diff.js';
import { type BoundaryRow, boundaryRows } from '../../src/report/boundary-table.js';
import { boundaryCards, boundaryInFull } from '../../src/report/boundary-text.js';
import type { Links } from '../../src/report/links.js';
import { rowsNamed } from '../../src/report/lookup.js';
import { markdownInFull, markdownTable } from '../../src/report/markdown.js';
import { nothingRecognised } from '../../src/report/nothing-recognised.js';
import { palette } from '../../src/report/palette.js';
import { tableJson } from '../../src/report/table-json.js';
import { analyzed, directoryOf, linted } from '../analysis.js';
import { textWidth, wantsColor } from '../channels.js';
import { deliver } from '../deliver.js';
import { tellFailures } from '../failure.js';
import type { TableOptions } from '../options.js';
import { linksFor } from '../surroundings.js';

export async function run(name: string | undefined, options: TableOptions): Promise<void> {
  if (options.diff !== undefined) return showDiff(options.diff, name, options);
  const report = await linted(options.in ?? [], options);
  if (report.model.aggregates.length === 0) throw new UsageError(nothingRecognised(report));
  const rows = name === undefined ? boundaryRows(report) : rowsNamed(report, name);
  const cwd = directoryOf(options);
  const links = options.output === undefined && options.color !== false ? await linksFor(process.stdout, cwd) : undefined;
  await deliver(render(rows, name !== undefined, options, links), { ...options, cwd });
  tellFailures(report, options);
}

async function showDiff(ref: string, name: string | undefined, options: TableOptions): Promise<void> {
  const paths = options.in ?? [];
  const report = await analyzed(paths, options);
  const { diffSince } = await import('../table-diff.js');
  const diff = await diffSince(ref, report, paths, options, name);
  // What went is known by its name too.
  if (name !== undefined && diffIsEmpty(diff)) rowsNamed(report, name);
  if (report.model.aggregates.length === 0 && diffIsEmpty(diff)) throw new UsageError(nothingRecognised(report));
  await deliver(await renderDiff(diff, options), { ...options, cwd: directoryOf(options) });
}

async function renderDiff(diff: BoundaryDiff, options: TableOptions): Promise<string> {
  if (options.format === 'json') return (await import('../../src/report/boundary-diff-json.js')).diffJson(diff);
  if (options.format === 'markdown') return `${(await import('../../src/report/boundary-diff-markdown.js')).diffMarkdown(diff)}\n`;
  const { diffText } = await import('../../src/report/boundary-diff-text.js');
  return `${diffText(diff, { width: textWidth(), paint: palette(wantsColor(options)) })}\n`;
}

function render(rows: readonly BoundaryRow[], full: boolean, options: TableOptions, links: Links | undefined): string {
  if (options.format === 'json') return tableJson(rows);
  if (options.format === 'markdown') return full ? markdownInFull(rows) : markdownTable(rows);
  const look = { width: textWidth(), paint: palette(wantsColor(options)), links };
  return `${full ? boundaryInFull(rows, look) : boundaryCards(rows, look)}\n`;
}
