import type { Span } from '../model/domain-model.js';
import { clip, segments, visible, widthOf } from './layout.js';
import { type Paint, plain, type Style } from './paint.js';

const TAB = 4;
/** Beyond this many screen widths beside the span, a line is not looked at: minified files have lines of megabytes. */
const REACH = 3;

export interface FrameOptions {
  readonly width: number;
  readonly paint?: Paint;
  /** The colour of the underline. */
  readonly mark?: Style;
}

/** The first line of the span, underlined, between its neighbours. Empty when the file has no such line. */
export function codeFrame(lines: readonly string[], span: Span, options: FrameOptions): string[] {
  const subject = lines[span.line - 1];
  if (subject === undefined) return [];
  const { faint } = options.paint ?? plain;
  const mark = options.mark ?? ((text) => text);
  const digits = String(span.line + 1).length;
  const room = Math.max(20, options.width - digits - 5);
  const end = span.endLine > span.line ? subject.length : Math.max(span.column, span.endColumn - 1);
  const near = Math.max(0, span.column - 1 - REACH * room);
  const far = span.column + REACH * room;
  const cells = cellsOf(subject, near, far, span.column - 1, end);
  const window = windowOn(cells, room);
  const context = (number: number): string[] => {
    const line = lines[number - 1];
    if (line === undefined) return [];
    const text = cut(cellsOf(line, near, far, -1, -1), window).map((cell) => cell.text);
    return [faint(`  ${gutter(number, digits)} │ ${text.join('')}`.trimEnd())];
  };
  const shown = cut(cells, window);
  const textOf = (part: readonly Cell[]): string => part.map((cell) => cell.text).join('');
  const first = shown.findIndex((cell) => cell.marked);
  const last = shown.findLastIndex((cell) => cell.marked) + 1;
  const code = textOf(shown.slice(0, first)) + mark(textOf(shown.slice(first, last))) + textOf(shown.slice(last));
  return [
    ...context(span.line - 1),
    `${mark('>')} ${gutter(span.line, digits)} ${faint('│')} ${code}`.trimEnd(),
    `  ${' '.repeat(digits)} ${faint('│')} ${mark(underline(shown))}`,
    ...context(span.line + 1),
  ];
}

/** The span's first line alone, without its indentation. */
export function snippet(lines: readonly string[], span: Span, width: number): string | undefined {
  const line = lines[span.line - 1]?.slice(0, span.column + REACH * width).trim();
  return line === undefined || line === '' ? undefined : clip(visible(line.replaceAll('\t', ' ')), width);
}

/** Splits where TypeScript does. */
export function linesOf(source: string): readonly string[] {
  return source.split(/\r\n|[\n\r\u2028\u2029]/);
}

interface Cell {
  readonly text: string;
  readonly width: number;
  /** Display column. */
  readonly at: number;
  readonly marked: boolean;
}

function cellsOf(line: string, near: number, far: number, from: number, to: number): Cell[] {
  const cells: Cell[] = [];
  let index = near;
  let at = 0;
  const add = (text: string, marked: boolean): void => {
    const width = widthOf(text);
    cells.push({ text, width, at, marked });
    at += width;
  };
  for (const part of segments(line.slice(near, far))) {
    const marked = index < to && index + part.length > from;
    add(part === '\t' ? ' '.repeat(TAB - (at % TAB)) : visible(part), marked);
    index += part.length;
  }
  // A span at the end of the line still shows where it is.
  if (from >= 0 && !cells.some((cell) => cell.marked && cell.width > 0)) cells.push({ text: ' ', width: 1, at, marked: true });
  return cells;
}

interface Window {
  readonly start: number;
  readonly width: number;
}

function windowOn(cells: readonly Cell[], width: number): Window {
  const marked = cells.filter((cell) => cell.marked);
  const from = marked[0]?.at ?? 0;
  const last = marked.at(-1);
  const to = last === undefined ? from : last.at + last.width;
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  return { start: total <= width || to < width ? 0 : Math.max(0, from - Math.floor(width / 4)), width };
}

function cut(cells: readonly Cell[], { start, width }: Window): Cell[] {
  const end = start + width;
  const after = cells.some((cell) => cell.at + cell.width > end);
  const before = start > 0 && cells.length > 0;
  const inside = cells.filter((cell) => cell.at >= start + (before ? 1 : 0) && cell.at + cell.width <= end - (after ? 1 : 0));
  const ellipsis: Cell = { text: '…', width: 1, at: start, marked: false };
  return [...(before ? [ellipsis] : []), ...inside, ...(after ? [ellipsis] : [])];
}

function underline(cells: readonly Cell[]): string {
  return cells
    .map((cell) => (cell.marked ? '^' : ' ').repeat(cell.width))
    .join('')
    .trimEnd();
}

function gutter(number: number, digits: number): string {
  return String(number).padStart(digits);
}
