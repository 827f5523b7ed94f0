import { extractFacts } from '../facts/extract.js';
import type { FileFacts } from '../facts/facts.js';
import type { Violation } from '../report/report.js';

export interface Written {
  readonly after: string;
  readonly suppressed: readonly Violation[];
  /** Where no comment can stand: in the middle of a template or of markup. */
  readonly left: readonly Violation[];
}

/** The text with a comment above each violation. All of them lie in this file. */
export function withSuppressions(file: string, text: string, violations: readonly Violation[], reason: string): Written {
  const suppressed: Violation[] = [];
  const left: Violation[] = [];
  let written = text;
  // From the bottom up, so that the lines above keep their numbers.
  for (const group of byLine(violations)) {
    const [{ at } = { at: undefined }] = group;
    if (at === undefined) continue;
    const rules = [...new Set(group.map(({ ruleId }) => ruleId))].sort();
    const next = withComment(file, written, at.line, rules, reason);
    if (next === undefined) left.push(...group);
    else {
      written = next;
      suppressed.push(...group);
    }
  }
  return { after: written, suppressed, left };
}

function byLine(violations: readonly Violation[]): Violation[][] {
  const lines = new Map<number, Violation[]>();
  for (const violation of violations) lines.set(violation.at.line, [...(lines.get(violation.at.line) ?? []), violation]);
  return [...lines].sort(([a], [b]) => b - a).map(([, group]) => group);
}

/** Only where it is understood as a comment that covers the line; in JSX that takes braces. */
function withComment(file: string, text: string, line: number, rules: readonly string[], reason: string): string | undefined {
  const { lines, errors } = extractFacts(file, text);
  const start = lines[line - 1];
  if (start === undefined) return undefined;
  const indent = /^[^\S\r\n]*/.exec(text.slice(start))?.[0] ?? '';
  const ending = text.slice(0, lines[1] ?? 0).endsWith('\r\n') ? '\r\n' : '\n';
  const directive = `aggro-disable-next-line ${rules.join(', ')} -- ${reason}`;
  for (const comment of [`// ${directive}`, `{/* ${directive} */}`]) {
    const attempt = text.slice(0, start) + indent + comment + ending + text.slice(start);
    const facts = extractFacts(file, attempt);
    if (facts.errors.length === errors.length && covers(facts, start + indent.length, line)) return attempt;
  }
  return undefined;
}

function covers({ suppressions, lines }: FileFacts, from: number, line: number): boolean {
  const below = lines[line];
  return suppressions.some(
    ({ at, scopes }) =>
      at[0] >= from &&
      at[0] < from + 5 &&
      scopes.every(({ covers: range }) => below !== undefined && range !== undefined && range[0] <= below && below < range[1]),
  );
}
