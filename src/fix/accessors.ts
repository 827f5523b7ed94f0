import { ts, type tsTypes } from '../facts/compiler.js';
import type { TextEdit } from './patch.js';

export interface NewAccessor {
  readonly name: string;
  readonly type: string;
  /** The expression that it returns. */
  readonly returns: string;
}

/** An accessor where the class has its others; else after the constructor; else after the fields. Written as the file is. */
export function accessorAfter(
  field: tsTypes.PropertyDeclaration | tsTypes.ParameterDeclaration,
  owner: tsTypes.ClassLikeDeclaration,
  { name, type, returns }: NewAccessor,
): TextEdit {
  const source = owner.getSourceFile();
  const anchor = neighbourIn(owner) ?? (ts.isParameter(field) ? field.parent : field);
  const indent = indentOf(anchor);
  const unit = indent.includes('\t') ? '\t' : indent.slice(indentOf(owner).length) || '  ';
  const explicit = owner.members.some(
    (each) => (ts.isMethodDeclaration(each) || ts.isAccessor(each)) && each.modifiers?.some((m) => m.kind === ts.SyntaxKind.PublicKeyword),
  );
  const end = /;[ \t]*\r?$/m.test(source.text) ? ';' : '';
  const at = endOfLine(anchor);
  const head = `${indent}${explicit ? 'public ' : ''}get ${name}(): ${type} {`;
  return { file: source.fileName, start: at, end: at, text: `\n\n${head}\n${indent}${unit}return ${returns}${end}\n${indent}}` };
}

function neighbourIn(owner: tsTypes.ClassLikeDeclaration): tsTypes.ClassElement | undefined {
  const { members } = owner;
  const first = members.findIndex((each) => ts.isAccessor(each) && !isStatic(each));
  if (first >= 0) {
    let last = first;
    for (let next = members[last + 1]; next && ts.isAccessor(next); next = members[last + 1]) last++;
    return members[last];
  }
  const making = members.findLast(ts.isConstructorDeclaration);
  return making ?? members.findLast((each) => ts.isPropertyDeclaration(each) && !isStatic(each) && !holdsFunction(each));
}

function isStatic(member: tsTypes.ClassElement): boolean {
  return ts.canHaveModifiers(member) && (ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false);
}

function holdsFunction({ initializer }: tsTypes.PropertyDeclaration): boolean {
  return initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer));
}

function indentOf(node: tsTypes.Node): string {
  const { text } = node.getSourceFile();
  const start = node.getStart();
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', start - 1) + 1, start))?.[0] ?? '';
}

/** Behind what stands on the same line: a semicolon belongs to the member, a comment may follow. */
function endOfLine(member: tsTypes.Node): number {
  const { text } = member.getSourceFile();
  return ts.getTrailingCommentRanges(text, member.end)?.at(-1)?.end ?? member.end;
}
