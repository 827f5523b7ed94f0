import { diffMarkdown } from './boundary-diff-markdown.js';
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
import { counted, lineOf } from './layout.js';
import type { Look } from './look.js';
import { cells, code, html, prose } from './markup.js';
import type { Report, Violation } from './report.js';
import { statisticsMarkdown } from './statistics-markdown.js';
import { countsOf } from './tally.js';

/** `quiet` lists errors only; the counts and the table stay whole. */
export type MarkdownOptions = Pick<Look, 'table' | 'quiet'> & Partial<Pick<Look, 'diff' | 'statistics'>>;

/** By this a bot finds the comment that it wrote before. */
const MARKER = '<!-- aggro -->';
/** A comment on GitHub may have 65,536 characters; what a bot adds needs room too. */
const ROOM = 65_000;

/** For a pull request: the counts in sight, the findings folded by aggregate, the boundaries below. */
export function markdown(report: Report, options: MarkdownOptions): string {
  const listed = options.quiet ? report.violations.filter((violation) => violation.severity === 'error') : report.violations;
  const head = [`${MARKER}\n## aggro`, `**${prose(summaryOf(report))}**`];
  const statistics = statisticsMarkdown({ ...report, violations: listed });
  const findings = options.statistics ? (statistics === '' ? [] : [statistics]) : foldedByAggregate(listed);
  const notices = report.notices.length > 0 ? [report.notices.map((notice) => `- ${prose(notice)}`).join('\n')] : [];
  const drawn = boundaries(report, options);
  const written = (sections: readonly string[]): string => `${sections.join('\n\n')}\n`;
  const whole = written([...head, ...findings, ...notices, ...drawn]);
  if (whole.length <= ROOM) return whole;
  // Details go first, then the table: counts for each rule always have room.
  const shorter = [
    written([...head, statistics, ...notices, 'The findings are more than a comment can hold: the log of the run has them all.', ...drawn]),
    written([...head, statistics, 'Findings and boundaries are more than a comment can hold: the log of the run has them all.']),
  ];
  return shorter.find((text) => text.length <= ROOM) ?? shorter.at(-1) ?? whole;
}

/** What changed where that is asked for, else all of them, folded. */
function boundaries(report: Report, { table, diff }: MarkdownOptions): string[] {
  const { length } = report.model.aggregates;
  if (!table || length === 0) return [];
  if (diff !== undefined) return [diffMarkdown(diff)];
  const title = `<details>\n<summary><b>Consistency boundaries</b>: ${counted(length, 'aggregate')}</summary>`;
  return [title, tableOf(boundaryRows(report)), '</details>'];
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
    const title = name === undefined ? 'Outside any one aggregate' : html(name);
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
