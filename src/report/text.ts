import { diffText } from './boundary-diff-text.js';
import { boundaryOverview } from './boundary-text.js';
import { codeFrame, linesOf, snippet } from './code-frame.js';
import { fixable, inWords, summaryOf } from './counts.js';
import { fixingText } from './fixing-text.js';
import { lineOf, oneLine, placeOf, visible, widthOf, wrap } from './layout.js';
import { type Links, linked } from './links.js';
import type { Look } from './look.js';
import type { Paint } from './paint.js';
import { palette } from './palette.js';
import type { Report, Violation } from './report.js';
import { statisticsText } from './statistics-text.js';
import { countsOf } from './tally.js';

/** `quiet` lists errors only; the counts and the table stay whole. */
export type TextOptions = Pick<Look, 'color' | 'width' | 'table' | 'group' | 'quiet'> &
  Partial<Pick<Look, 'links' | 'diff' | 'statistics'>>;

const OUTSIDE = 'Outside any one aggregate';

/** What a person reads in a terminal. */
export function text(report: Report, options: TextOptions): string {
  const paint = palette(options.color);
  const { violations, notices } = report;
  const listed = options.quiet ? violations.filter((violation) => violation.severity === 'error') : violations;
  const page: Page = { source: sourceLines(report), width: options.width, paint, links: options.links };
  const groups = grouped(listed, options.group).map(([name, members]) =>
    [groupHeading(name, members, paint), ...members.map((violation) => entry(violation, page))].join('\n\n'),
  );
  const sections = [
    ...(options.statistics ? [statisticsText({ ...report, violations: listed }, paint)] : groups),
    ...(notices.length > 0 ? [notices.flatMap((notice) => wrap(notice, options.width)).join('\n')] : []),
    ...boundaries(report, options, paint),
    ...(report.fixing ? [fixingText(report.fixing, options.width, paint)] : []),
    ...(options.statistics ? [] : [fixableLines(report, options.width, paint)]),
    summary(report, paint),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** What changed where that is asked for, else all of them. */
function boundaries(report: Report, { table, diff, width, links }: TextOptions, paint: Paint): string[] {
  if (!table || report.model.aggregates.length === 0) return [];
  if (diff !== undefined) return [diffText(diff, { width, paint })];
  return [`${paint.strong('Consistency boundaries')}\n\n${boundaryOverview(report, { width, paint, links })}`];
}

type Source = (file: string) => readonly string[];

interface Page {
  readonly source: Source;
  readonly width: number;
  readonly paint: Paint;
  readonly links: Links | undefined;
}

function entry(violation: Violation, page: Page): string {
  const { source, width, paint, links } = page;
  const { at, severity, ruleId, message, related, fix } = violation;
  const indent = (line: string): string => (line === '' ? '' : `  ${line}`);
  const mark = paint[severity];
  const frame = codeFrame(source(at.file), at, { width: width - 2, paint, mark });
  const details = [
    ...related.flatMap((place) => relatedLines(place, page)).map((line) => `  ${line}`),
    ...(fix === undefined
      ? []
      : wrap(`${fix.kind} fix: ${fix.title} (${violation.fingerprint.slice(0, 8)})`, width - 4).map((line) => `  ${paint.faint(line)}`)),
  ];
  return [
    `${linked(placeOf(at), links?.place(at))}  ${mark(severity)}  ${linked(paint.strong(visible(ruleId)), links?.rule(ruleId))}`,
    ...wrap(message, width - 2),
    ...(frame.length > 0 ? ['', ...frame] : []),
    ...(details.length > 0 ? ['', ...details] : []),
  ]
    .map(indent)
    .join('\n');
}

/** `first write here: src/order.ts:12  orders.save(order)`, the code below when there is no room beside. */
function relatedLines({ at, message }: Violation['related'][number], { source, width, paint, links }: Page): string[] {
  const room = width - 4;
  const label = `${oneLine(message)}: ${lineOf(at)}`;
  const code = snippet(source(at.file), at, room - 2);
  const beside = code !== undefined && widthOf(label) + 2 + widthOf(code) <= room;
  // A link cannot be broken; a label that is goes without.
  const [first = '', ...rest] =
    widthOf(label) <= room ? [`${oneLine(message)}: ${linked(lineOf(at), links?.place(at))}`] : wrap(label, room);
  if (code === undefined) return [first, ...rest];
  return beside ? [`${first}  ${paint.faint(code)}`] : [first, ...rest, `  ${paint.faint(code)}`];
}

function groupHeading(name: string, violations: readonly Violation[], paint: Paint): string {
  return `${paint.strong(visible(name))}  ${paint.faint(inWords(countsOf(violations)))}`;
}

function grouped(violations: readonly Violation[], by: TextOptions['group']): [string, Violation[]][] {
  const groups = new Map<string, Violation[]>();
  for (const violation of violations) {
    const key = by === 'file' ? violation.at.file : (violation.aggregate ?? OUTSIDE);
    const group = groups.get(key);
    if (group) group.push(violation);
    else groups.set(key, [violation]);
  }
  return [...groups].sort(([one], [other]) => Number(one === OUTSIDE) - Number(other === OUTSIDE));
}

function summary(report: Report, paint: Paint): string {
  const { errors, warnings } = countsOf(report.violations);
  const sentence = summaryOf(report);
  if (errors > 0) return paint.error(sentence);
  if (warnings > 0) return paint.warning(sentence);
  return report.model.aggregates.length > 0 ? paint.good(sentence) : sentence;
}

/** What a second run could mend; after one that did, why the rest stays has been said. */
function fixableLines({ violations, fixing }: Report, width: number, paint: Paint): string {
  const sentence = fixing ? undefined : fixable(violations);
  return sentence === undefined ? '' : wrap(sentence, width).map(paint.faint).join('\n');
}

function sourceLines(report: Report): Source {
  const known = new Map<string, readonly string[]>();
  return (file) => {
    const lines = known.get(file) ?? linesOf(report.sourceOf(file) ?? '');
    known.set(file, lines);
    return lines;
  };
}
