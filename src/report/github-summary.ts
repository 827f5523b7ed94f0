import { diffMarkdown } from './boundary-diff-markdown.js';
import { boundaryRows } from './boundary-table.js';
import { summaryOf } from './counts.js';
import type { Look } from './look.js';
import { markdownTable } from './markdown.js';
import { prose } from './markup.js';
import type { Report } from './report.js';
import { statisticsMarkdown } from './statistics-markdown.js';

/** A job summary of a mebibyte or more is dropped whole. */
const ROOM = 1_000_000;

/** For the page of a workflow run: counts for each rule, and the boundary table. */
export function githubSummary(report: Report, { table, diff }: Pick<Look, 'table' | 'diff'>): string {
  const statistics = statisticsMarkdown(report);
  const head = ['## aggro', `**${prose(summaryOf(report))}**`, ...(statistics === '' ? [] : [statistics])];
  const drawn = boundaries(report, table, diff);
  const whole = `${[...head, ...drawn].join('\n\n')}\n`;
  if (new TextEncoder().encode(whole).length <= ROOM) return whole;
  return `${[...head, 'The boundary table is larger than a job summary may be: `aggro table -f markdown -o FILE` writes it.'].join('\n\n')}\n`;
}

function boundaries(report: Report, table: boolean, diff: Look['diff']): string[] {
  if (!table || report.model.aggregates.length === 0) return [];
  if (diff !== undefined) return [diffMarkdown(diff)];
  return ['### Consistency boundaries', markdownTable(boundaryRows(report)).trimEnd()];
}
