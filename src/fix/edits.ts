import { diffLines } from 'diff';
import { lineStarts } from '../facts/lines.js';
import type { Span } from '../model/domain-model.js';
import type { Edit } from '../report/report.js';

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The smallest pieces that turn one text into the other, from the top down: lines that differ, cut to what differs in them. */
export function editsBetween(file: string, before: string, after: string): readonly Edit[] {
  const starts = lineStarts(before);
  return replacements(before, after).map(({ start, end, text }) => ({ at: spanIn(file, starts, start, end), text }));
}

function replacements(before: string, after: string): readonly Replacement[] {
  const found: Replacement[] = [];
  let at = 0;
  let open: Replacement | undefined;
  for (const { value, added, removed } of diffLines(before, after)) {
    if (added || removed) {
      const { start, end, text }: Replacement = open ?? { start: at, end: at, text: '' };
      open = added ? { start, end, text: text + value } : { start, end: end + value.length, text };
    } else if (open) {
      found.push(trimmed(open, before));
      open = undefined;
    }
    if (!added) at += value.length;
  }
  return open ? [...found, trimmed(open, before)] : found;
}

/** Without what both sides begin or end with; whole characters stay whole. */
function trimmed({ start, end, text }: Replacement, before: string): Replacement {
  const old = before.slice(start, end);
  const most = Math.min(old.length, text.length);
  let head = 0;
  while (head < most && old[head] === text[head]) head++;
  while (head > 0 && (isCut(old, head) || isCut(text, head))) head--;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === text.at(-1 - tail)) tail++;
  while (tail > 0 && (isCut(old, old.length - tail) || isCut(text, text.length - tail))) tail--;
  return { start: start + head, end: end - tail, text: text.slice(head, text.length - tail) };
}

/** Whether there stands the middle of a character of two code units, or of a line end of two. */
function isCut(text: string, at: number): boolean {
  return /^(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|\r\n)$/.test(text.slice(at - 1, at + 1));
}

function spanIn(file: string, starts: readonly number[], start: number, end: number): Span {
  const [line, column] = position(starts, start);
  const [endLine, endColumn] = position(starts, end);
  return { file, line, column, endLine, endColumn };
}

function position(starts: readonly number[], offset: number): [line: number, column: number] {
  const line = starts.findLastIndex((start) => start <= offset);
  return [line + 1, offset - (starts[line] ?? 0) + 1];
}
