import type { tsTypes } from '../facts/compiler.js';
import type { TextEdit } from './patch.js';

/** Takes a statement out with the lines that it has to itself, and with one of two blank lines that would meet. */
export function withoutStatement(statement: tsTypes.Statement): TextEdit {
  const source = statement.getSourceFile();
  const { text, fileName: file } = source;
  const start = statement.getStart();
  const { end } = statement;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const lineEnd = newline < 0 ? text.length : newline + 1;
  if (/\S/.test(text.slice(lineStart, start)) || /\S/.test(text.slice(end, lineEnd))) {
    const space = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
    return { file, start, end: end + space, text: '' };
  }
  const before = text.slice(0, lineStart);
  const blank = /^[ \t]*\r?\n/.exec(text.slice(lineEnd))?.[0].length ?? 0;
  const opens = /(?:\{|\n[ \t]*)\r?\n$/.test(before);
  if (blank > 0 && opens) return { file, start: lineStart, end: lineEnd + blank, text: '' };
  const closes = /^[ \t]*\}/.test(text.slice(lineEnd));
  const blankBefore = closes ? (/\n([ \t]*\r?\n)$/.exec(before)?.[1]?.length ?? 0) : 0;
  return { file, start: lineStart - blankBefore, end: lineEnd, text: '' };
}
