import type { Evidence, Span } from '../model/domain-model.js';
import {
  type BoundaryRow,
  boundaryRows,
  fieldInWords,
  marked,
  membersInWords,
  type ReferenceCell,
  raisesInWords,
  referencesInWords,
  rootInWords,
  verdictInWords,
} from './boundary-table.js';
import { invariantsInWords, loadsInWords } from './consistency-cells.js';
import { consistencyInFull } from './consistency-text.js';
import { inWords } from './counts.js';
import { clip, itemLines, labelled, lineOf, locatedLines, oneLine, pad, spread, visible, widthOf } from './layout.js';
import { type Links, linked } from './links.js';
import { kindInWords } from './names.js';
import { type Paint, plain } from './paint.js';
import type { Report, Violation } from './report.js';

/** More aggregates than this, and the overview has a line for each instead of a card. */
const CARDS = 12;
/** A card names this many writers or events and counts the rest. */
const NAMED = 10;
const CROSSING = '✗';
const ENDLESS = '∞';
const FIGURES = [
  'inside: entities + value objects · ids, objects: what it refers to by identity, by object',
  `invariants: in how many clusters · many: collections that loading it hydrates, ${ENDLESS} without a limit`,
];

export interface TableOptions {
  readonly width: number;
  readonly paint?: Paint;
  readonly links?: Links | undefined;
}

/** The table at the end of a run: cards, or a grid when there are many. */
export function boundaryOverview(report: Report, options: TableOptions): string {
  const rows = boundaryRows(report);
  if (rows.length <= CARDS) return boundaryCards(rows, options);
  return `${grid(rows, options)}\n\n${(options.paint ?? plain).faint('aggro table NAME shows one in full.')}`;
}

export function boundaryCards(rows: readonly BoundaryRow[], options: TableOptions): string {
  return rows.map((row) => card(row, options)).join('\n\n');
}

/** One aggregate (or all of that name) with every piece of evidence and every place. */
export function boundaryInFull(rows: readonly BoundaryRow[], options: TableOptions): string {
  return rows.map((row) => inFull(row, options)).join('\n\n');
}

function card(row: BoundaryRow, { width, paint = plain, links }: TableOptions): string {
  const lines = (items: readonly string[]): string[] => itemLines(items, width);
  return [
    ...heading(row, width, paint, links),
    ...labelled('contains', lines(membersInWords(row.members))),
    ...labelled('by identity', lines(referencesInWords(row.byIdentity))),
    ...labelled('by object', crossing(lines(referencesInWords(row.byObject)), paint)),
    ...labelled('repository', lines(row.repositories.length === 0 ? ['none'] : row.repositories.map(({ name }) => name))),
    ...labelled('written by', lines(some(row.writtenBy.map(({ name }) => name)))),
    ...labelled('raises', lines(some(raisesInWords(row.raises)))),
    ...labelled('invariants', lines(invariantsInWords(row))),
    ...labelled('loads', lines(loadsInWords(row))),
    ...labelled('verdict', verdictLines(row, width, paint)),
  ].join('\n');
}

function inFull(row: BoundaryRow, { width, paint = plain, links }: TableOptions): string {
  const located = (text: string, at: Span | undefined): string[] => locatedLines(text, at, width);
  const proof = (evidence: readonly Evidence[]): string[] =>
    evidence.flatMap(({ kind, detail, at }) => located(`  ${kind}: ${detail}`, at)).map((line) => paint.faint(line));
  const reference = (cell: ReferenceCell): string[] => located(`${referenceTarget(cell)}  ${fieldInWords(cell)}: ${cell.type}`, cell.at);
  return [
    ...heading(row, width, paint, links),
    ...labelled(
      'evidence',
      row.evidence.flatMap(({ kind, detail, at }) => located(`${kind}: ${detail}`, at)),
    ),
    ...labelled(
      'contains',
      row.members.flatMap((member) => [
        ...located(`${marked(member)}  ${kindInWords(member.kind)}${member.many ? ', many' : ''}, held by ${member.heldBy}`, member.at),
        ...proof(member.evidence),
      ]),
    ),
    ...labelled('by identity', row.byIdentity.flatMap(reference)),
    ...labelled('by object', crossing(row.byObject.flatMap(reference), paint)),
    ...labelled('repository', row.repositories.length === 0 ? ['  none'] : row.repositories.flatMap(({ name, at }) => located(name, at))),
    ...labelled(
      'written by',
      row.writtenBy.flatMap(({ name, kind, calls, at }) => [
        ...located(`${name}  ${kindInWords(kind)}`, at),
        ...calls.flatMap((write) => located(`  ${oneLine(write.call)}`, write.at)).map((line) => paint.faint(line)),
      ]),
    ),
    ...labelled(
      'raises',
      raisesInWords(row.raises).flatMap((text) => itemLines([text], width)),
    ),
    ...labelled('invariants', itemLines(invariantsInWords(row), width)),
    ...labelled('loads', loadedLines(row, width)),
    ...labelled('verdict', [
      ...verdictLines(row, width, paint),
      ...row.verdict.violations.flatMap((violation) => located(ruleOf(violation), violation.at)),
    ]),
    ...consistencyInFull(row, { width, paint }),
  ].join('\n');
}

function grid(rows: readonly BoundaryRow[], { width, paint = plain }: TableOptions): string {
  const head = ['aggregate root', 'inside', 'ids', 'objects', 'invariants', 'many', 'repository', 'writers', 'verdict'];
  const cells = rows.map((row) => [
    visible(row.root),
    insideInWords(row),
    numberOr(row.byIdentity.length),
    row.byObject.length === 0 ? '–' : `${CROSSING} ${row.byObject.length}`,
    invariantsInFigures(row),
    manyInFigures(row),
    repositoryInWords(row),
    numberOr(row.writtenBy.length),
    shortVerdict(row),
  ]);
  const widths = head.map((title, column) => Math.max(widthOf(title), ...cells.map((line) => widthOf(line[column] ?? ''))));
  const fitted = squeezed(widths, width);
  const line = (texts: readonly string[]): string =>
    texts.map((text, column) => pad(clip(text, fitted[column] ?? 0), fitted[column] ?? 0)).join('  ');
  return [
    paint.strong(line(head).trimEnd()),
    ...cells.map((texts, index) => {
      const [last = '', ...others] = [...texts].reverse();
      const start = line(others.reverse()).replace(CROSSING, paint.error(CROSSING));
      return `${start}  ${verdictStyle(rows[index], paint)(clip(last, fitted.at(-1) ?? 0))}`;
    }),
    ...FIGURES.map(paint.faint),
  ].join('\n');
}

/** Takes what is too much from the columns that hold words. */
function squeezed(widths: readonly number[], width: number): number[] {
  const fitted = [...widths];
  const total = (): number => fitted.reduce((sum, one) => sum + one, 0) + 2 * (fitted.length - 1);
  while (total() > width) {
    const widest = [0, 6, 8].reduce((best, column) => ((fitted[column] ?? 0) > (fitted[best] ?? 0) ? column : best), 0);
    if ((fitted[widest] ?? 0) <= 8) break;
    fitted[widest] = (fitted[widest] ?? 0) - 1;
  }
  return fitted;
}

function heading(row: BoundaryRow, width: number, paint: Paint, links: Links | undefined): string[] {
  const name = visible(row.root);
  const place = lineOf(row.at);
  return spread(`${name}  ${visible(rootInWords(row))}`, place, width).map((line, index) => {
    const named = index === 0 ? line.replace(name, () => paint.strong(name)) : line;
    return named.endsWith(place) ? named.slice(0, -place.length) + linked(place, links?.place(row.at)) : named;
  });
}

/** The mark stands in the two columns that other lines leave free. */
function crossing(lines: readonly string[], paint: Paint): string[] {
  return lines.map((line) => (line.startsWith('  ') && !line.startsWith('   ') ? `${paint.error(CROSSING)} ${line.slice(2)}` : line));
}

function verdictLines(row: BoundaryRow, width: number, paint: Paint): string[] {
  const style = verdictStyle(row, paint);
  return itemLines(verdictInWords(row.verdict).split(' · '), width).map((line) => `  ${style(line.trimStart())}`);
}

function verdictStyle(row: BoundaryRow | undefined, paint: Paint) {
  if (row === undefined) return paint.faint;
  const { errors, warnings, facts } = row.verdict;
  if (errors > 0) return paint.error;
  return warnings > 0 || facts.length > 0 ? paint.warning : paint.good;
}

function shortVerdict({ verdict }: BoundaryRow): string {
  return inWords(verdict) || verdict.facts[0] || 'sound';
}

/** What loading it hydrates, and each collection with what limits it. */
function loadedLines(row: BoundaryRow, width: number): string[] {
  return [
    ...itemLines(loadsInWords(row), width),
    ...row.extent.collections.flatMap(({ symbol, of, bound, at }) =>
      locatedLines(`  ${symbol}, many ${of}: ${bound ? oneLine(bound.text) : 'nothing limits their number'}`, bound?.at ?? at, width),
    ),
  ];
}

/** `7 in 3`: invariants in clusters. */
function invariantsInFigures({ invariants, clusters }: BoundaryRow): string {
  return clusters.length > 1 ? `${invariants.length} in ${clusters.length}` : numberOr(invariants.length);
}

/** `2 ∞`: two collections without a limit; `1 + 2 ∞`: one with. */
function manyInFigures({ extent }: BoundaryRow): string {
  const endless = extent.collections.filter(({ bound }) => bound === undefined).length;
  const bounded = extent.collections.length - endless;
  const parts = [...(bounded > 0 ? [String(bounded)] : []), ...(endless > 0 ? [`${endless} ${ENDLESS}`] : [])];
  return parts.length === 0 ? '–' : parts.join(' + ');
}

function insideInWords({ members }: BoundaryRow): string {
  const entities = members.filter((member) => member.kind === 'entity').length;
  return members.length === 0 ? '–' : `${entities} + ${members.length - entities}`;
}

function repositoryInWords({ repositories }: BoundaryRow): string {
  const [first, ...others] = repositories;
  if (first === undefined) return '–';
  return visible(others.length === 0 ? first.name : `${first.name} +${others.length}`);
}

function referenceTarget({ to, part }: ReferenceCell): string {
  return part === undefined ? to : `${part} of ${to}`;
}

function ruleOf({ severity, ruleId, symbol }: Violation): string {
  return `${severity} ${ruleId}  ${symbol}`;
}

function some(items: readonly string[]): readonly string[] {
  return items.length <= NAMED ? items : [...items.slice(0, NAMED), `and ${items.length - NAMED} more`];
}

function numberOr(count: number): string {
  return count === 0 ? '–' : String(count);
}
