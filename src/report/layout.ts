import stringWidth from 'fast-string-width';
import type { Span } from '../model/domain-model.js';
import { visible } from './inert.js';

export { visible };

const LABEL_WIDTH = 16;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Prose on one line: line breaks and tabs are spaces, the rest as in `visible`. */
export function oneLine(text: string): string {
  return visible(text.trim().replace(/\s+/g, ' '));
}

export function widthOf(text: string): number {
  return stringWidth(text);
}

export function wrap(text: string, width: number): string[] {
  return flow(oneLine(text).split(' '), ' ', width);
}

/** Puts items side by side; a line breaks between items, and inside one only when it is too wide for any line. */
export function flow(items: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [index, item] of items.entries()) {
    const joined = line === '' ? item : `${line}${separator}${item}`;
    const ending = index === items.length - 1 ? '' : separator.trimEnd();
    if (widthOf(joined) + widthOf(ending) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(`${line}${separator}`.trimEnd());
    const parts = widthOf(item) + widthOf(ending) <= width ? [item] : fold(item, width - widthOf(ending));
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1) ?? '';
  }
  return line === '' ? lines : [...lines, line];
}

/** `left … right`, the right part flush with the margin, or below when both do not fit. */
export function spread(left: string, right: string, width: number): string[] {
  const gap = width - widthOf(left) - widthOf(right);
  if (gap >= 2) return [left + ' '.repeat(gap) + right];
  const indent = /^ */.exec(left)?.[0] ?? '';
  const below = clipStart(right, width - indent.length - 2);
  return [...hang(indent, left.trimStart(), width), ' '.repeat(width - widthOf(below)) + below];
}

/** A label in its column and the lines beside it. */
export function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `  ${pad(index === 0 ? label : '', LABEL_WIDTH - 2)}${line}`.trimEnd());
}

/** What is left of a line beside a label. Its first two columns are the place of a mark. */
export function besideLabel(width: number): number {
  return width - LABEL_WIDTH;
}

/** Lines of items beside a label. */
export function itemLines(items: readonly string[], width: number): string[] {
  return flow(items.map(visible), ' · ', besideLabel(width) - 2).map((line) => `  ${line}`);
}

/** A fact beside a label, with its place at the margin. */
export function locatedLines(text: string, at: Span | undefined, width: number): string[] {
  return spread(`  ${visible(text)}`, at === undefined ? '' : lineOf(at), besideLabel(width));
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function clip(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${take(segments(text), width - 1)}…`;
}

/** Keeps the end: of a path, the file's name. */
export function clipStart(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `…${reversed(take(segments(text).reverse(), width - 1))}`;
}

export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** `a, b and c`. */
export function listed(words: readonly string[], conjunction = 'and'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

export function lineOf(at: Span): string {
  return visible(`${at.file}:${at.line}`);
}

export function placeOf(at: Span): string {
  return visible(`${at.file}:${at.line}:${at.column}`);
}

export function segments(text: string): string[] {
  return [...graphemes.segment(text)].map((part) => part.segment);
}

function hang(indent: string, text: string, width: number): string[] {
  const [first = '', ...rest] = wrapSpaced(text, width - indent.length - 2);
  return [indent + first, ...rest.map((line) => `${indent}  ${line}`)];
}

/** Like `wrap`, keeping runs of spaces as they are where the text fits. */
function wrapSpaced(text: string, width: number): string[] {
  return widthOf(text) <= width ? [text] : flow(text.split(/ +/), ' ', width);
}

function fold(text: string, width: number): string[] {
  if (text.includes(' ')) return flow(text.split(' '), ' ', width);
  const lines: string[] = [];
  let rest = segments(text);
  while (rest.length > 0) {
    const line = take(rest, width) || (rest[0] ?? '');
    lines.push(line);
    rest = rest.slice(segments(line).length);
  }
  return lines;
}

function take(parts: readonly string[], width: number): string {
  let text = '';
  let used = 0;
  for (const part of parts) {
    used += widthOf(part);
    if (used > width) break;
    text += part;
  }
  return text;
}

function reversed(text: string): string {
  return segments(text).reverse().join('');
}
