import { counted, lineOf, visible, wrap } from './layout.js';
import type { Paint } from './paint.js';
import type { Fixing, Violation } from './report.js';

/** What was mended, what was not and why, as a section of the text report. */
export function fixingText({ applied, skipped, left, unresolved }: Fixing, width: number, paint: Paint): string {
  const blocks = [
    applied.length > 0
      ? [
          paint.good(`Fixed ${counted(applied.length, 'finding')}`),
          ...applied.map(({ violation, fix }) => item(violation, `${visible(fix.title)} (${fix.kind})`, width)),
        ]
      : [],
    skipped.length > 0
      ? [
          paint.warning(`Not applied: ${counted(skipped.length, 'fix', 'fixes')}`),
          ...skipped.map(({ violation, fix, why }) =>
            item(violation, `${visible(fix.title)} (${fix.kind}), not applied: ${visible(why)}`, width),
          ),
        ]
      : [],
    left.length > 0
      ? [
          paint.error(`Left as they are: ${counted(left.length, 'file')}`),
          ...left.flatMap(({ file, why }) => indented(`${visible(file)}: ${visible(why)}`, width)),
        ]
      : [],
    unresolved.length > 0 && applied.length + skipped.length > 0 ? wrap(unknownTypes(unresolved), width) : [],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Said wherever the judgement of the compiler is shown: it could not see all types. */
export function unknownTypes(unresolved: readonly string[]): string {
  const names = unresolved.slice(0, 3).map(visible).join(', ');
  const more = unresolved.length > 3 ? ` and ${unresolved.length - 3} more` : '';
  const verb = unresolved.length === 1 ? 'is' : 'are';
  return `${names}${more} ${verb} not installed, so the compiler could not see their types: only errors that are new were counted. Install the dependencies for a full check.`;
}

function item({ at, ruleId }: Violation, text: string, width: number): string {
  return indented(`${lineOf(at)}  ${ruleId}  ${text}`, width).join('\n');
}

function indented(text: string, width: number): string[] {
  return wrap(text, width - 4).map((line, i) => (i === 0 ? `  ${line}` : `    ${line}`));
}
