import { UsageError } from '../../src/errors.js';
import { type BoundaryRow, boundaryRows } from '../../src/report/boundary-table.js';
import { boundaryCards, boundaryInFull } from '../../src/report/boundary-text.js';
import { rowsNamed } from '../../src/report/lookup.js';
import { markdownInFull, markdownTable } from '../../src/report/markdown.js';
import { nothingRecognised } from '../../src/report/nothing-recognised.js';
import { tableJson } from '../../src/report/table-json.js';
import { palette } from '../../src/report/text.js';
import { directoryOf, linted } from '../analysis.js';
import { textWidth, wantsColor } from '../channels.js';
import { deliver } from '../deliver.js';
import type { TableOptions } from '../options.js';

export async function run(name: string | undefined, options: TableOptions): Promise<void> {
  const report = await linted(options.in ?? [], options);
  if (report.model.aggregates.length === 0) throw new UsageError(nothingRecognised(report));
  const rows = name === undefined ? boundaryRows(report) : rowsNamed(report, name);
  await deliver(render(rows, name !== undefined, options), { ...options, cwd: directoryOf(options) });
}

function render(rows: readonly BoundaryRow[], full: boolean, options: TableOptions): string {
  if (options.format === 'json') return tableJson(rows);
  if (options.format === 'markdown') return full ? markdownInFull(rows) : markdownTable(rows);
  const look = { width: textWidth(), paint: palette(wantsColor(options)) };
  return `${full ? boundaryInFull(rows, look) : boundaryCards(rows, look)}\n`;
}
