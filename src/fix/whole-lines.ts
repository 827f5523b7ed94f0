import { ts, type tsTypes } from '../facts/compiler.js';
import type { TextEdit } from './patch.js';

/** Takes a member or statement away with its comments, and the blank line that would be one too many. */
export function withItsLines(node: tsTypes.Node): TextEdit {
  const { fileName, text } = node.getSourceFile();
  const first = attachedComments(text, node)[0]?.pos ?? node.getStart();
  const lineStart = text.lastIndexOf('\n', first - 1) + 1;
  const startsLine = text.slice(lineStart, first).trim() === '';
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/[ \t]*)?(?:\r?\n|$)/.exec(text.slice(node.end));
  if (!startsLine || !rest) return { file: fileName, start: node.pos, end: node.end, text: '' };
  const end = node.end + rest[0].length;
  const blankAfter = /^(?:[ \t]*\r?\n)+/.exec(text.slice(end))?.[0].length ?? 0;
  const blankBefore = /\n((?:[ \t]*\r?\n)+)$/.exec(text.slice(0, lineStart))?.[1]?.length ?? 0;
  const opens = /[{(]\s*$/.test(text.slice(0, lineStart));
  const closes = /^\s*[})]/.test(text.slice(end));
  if (closes && blankBefore > 0) return { file: fileName, start: lineStart - blankBefore, end, text: '' };
  if (opens || blankBefore > 0) return { file: fileName, start: lineStart, end: end + blankAfter, text: '' };
  return { file: fileName, start: lineStart, end, text: '' };
}

/** The comments right above, no blank line between. */
function attachedComments(text: string, node: tsTypes.Node): readonly tsTypes.CommentRange[] {
  const ranges = ts.getLeadingCommentRanges(text, node.pos) ?? [];
  let from = node.getStart();
  const attached: tsTypes.CommentRange[] = [];
  for (const range of ranges.toReversed()) {
    if (/\n[ \t]*\r?\n/.test(text.slice(range.end, from))) break;
    if (text.slice(text.lastIndexOf('\n', range.pos - 1) + 1, range.pos).trim() !== '') break;
    attached.unshift(range);
    from = range.pos;
  }
  return attached;
}
