import { summaryOf } from './counts.js';
import { counted, oneLine, placeOf, visible } from './layout.js';
import { relatedInWords } from './related.js';
import type { Report, Violation } from './report.js';

/** For coding agents: all about a finding, what to do included, on one line; then what the run understood. */
export function agent(report: Report): string {
  const remedies = new Map(report.rules.map(({ id, remedy }) => [id, remedy]));
  const lines = report.violations.map((violation) => `${line(violation, remedies.get(violation.ruleId))}\n`);
  return `${lines.join('')}${report.notices.map((notice) => `note: ${oneLine(notice)}\n`).join('')}${closing(report)}\n`;
}

function line(violation: Violation, remedy: string | undefined): string {
  const { at, severity, ruleId, message, fix } = violation;
  const places = relatedInWords(violation);
  return [
    `${placeOf(at)} ${severity} ${visible(ruleId)}: ${oneLine(message)}`,
    ...(places.length > 0 ? [`(${places.join('; ')})`] : []),
    ...(remedy === undefined ? [] : [`Remedy: ${oneLine(remedy)}`]),
    ...(fix === undefined ? [] : [`Fix (${fix.kind}): ${oneLine(fix.title)}.`]),
  ].join(' ');
}

function closing(report: Report): string {
  const rules = new Set(report.violations.map(({ ruleId }) => ruleId)).size;
  const more =
    rules === 0 ? '' : `; aggro explain RULE shows ${rules === 1 ? 'the rule' : `each of the ${counted(rules, 'rule')}`} with examples`;
  return `${summaryOf(report)}${more}`;
}
