import {
  type BoundaryRow,
  boundaryRows,
  membersInWords,
  raisesInWords,
  referencesInWords,
  rootInWords,
  verdictInWords,
} from './boundary-table.js';
import { invariantsInWords, loadsInWords } from './consistency-cells.js';
import { consistencySections } from './consistency-markdown.js';
import { inWords, summaryOf } from './counts.js';
import { lineOf, visible } from './layout.js';
import { cells, code, escapeHtml, prose } from './markup.js';
import type { Report, Violation } from './report.js';
import { countsOf } from './tally.js';

export interface MarkdownOptions {
  readonly table: boolean;
  /** Lists errors only; the counts and the table stay whole. */
  readonly quiet: boolean;
}

/** For a pull request: the counts in sight, the findings folded by aggregate, the boundary table below. */
export function markdown(report: Report, options: MarkdownOptions): string {
  const listed = options.quiet ? report.violations.filter((violation) => violation.severity === 'error') : report.violations;
  const sections = [
    '## aggro',
    `**${prose(summaryOf(report))}**`,
    ...foldedByAggregate(listed),
    ...(report.notices.length > 0 ? [report.notices.map((notice) => `- ${prose(notice)}`).join('\n')] : []),
    ...(options.table && report.model.aggregates.length > 0 ? ['### Consistency boundaries', tableOf(boundaryRows(report))] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

export function markdownTable(rows: readonly BoundaryRow[]): string {
  return `${tableOf(rows)}\n`;
}

/** One aggregate (or all of that name), with the consistency-boundary test below. */
export function markdownInFull(rows: readonly BoundaryRow[]): string {
  return `${rows.flatMap((row) => [tableOf([row]), ...consistencySections(row)]).join('\n\n')}\n`;
}

function foldedByAggregate(violations: readonly Violation[]): string[] {
  const names = [...new Set(violations.map((violation) => violation.aggregate))];
  const ordered = [...names.filter((name) => name !== undefined), ...names.filter((name) => name === undefined)];
  return ordered.map((name) => {
    const members = violations.filter((violation) => violation.aggregate === name);
    const title = name === undefined ? 'Outside any one aggregate' : escapeHtml(visible(name));
    return [
      `<details>\n<summary><b>${title}</b>: ${inWords(countsOf(members))}</summary>`,
      members.map(entry).join('\n'),
      '</details>',
    ].join('\n\n');
  });
}

function entry({ severity, ruleId, at, message, related, fix }: Violation): string {
  return [
    `- **${severity}** ${code(ruleId)} at ${code(lineOf(at))}  \n  ${prose(message)}`,
    ...related.map((place) => `  - ${prose(place.message)}: ${code(lineOf(place.at))}`),
    ...(fix === undefined ? [] : [`  - ${fix.kind} fix: ${prose(fix.title)}`]),
  ].join('\n');
}

function tableOf(rows: readonly BoundaryRow[]): string {
  const head = [
    'aggregate root',
    'contains',
    'by identity',
    'by object',
    'repository',
    'written by',
    'raises',
    'invariants',
    'loads',
    'verdict',
  ];
  return [cells(head), cells(head.map(() => '---')), ...rows.map((row) => cells(columnsOf(row)))].join('\n');
}

function columnsOf(row: BoundaryRow): string[] {
  const lines = (items: readonly string[]): string => items.map(prose).join('<br>');
  return [
    `**${prose(row.root)}**<br>${prose(rootInWords(row))}<br>${code(lineOf(row.at))}`,
    lines(membersInWords(row.members)),
    lines(referencesInWords(row.byIdentity)),
    lines(referencesInWords(row.byObject).map((reference) => `✗ ${reference}`)),
    row.repositories.length === 0 ? 'none' : lines(row.repositories.map(({ name }) => name)),
    lines(row.writtenBy.map(({ name }) => name)),
    lines(raisesInWords(row.raises)),
    lines(invariantsInWords(row)),
    lines(loadsInWords(row)),
    lines(verdictInWords(row.verdict).split(' · ')),
  ];
}
