import { ts, type tsTypes } from '../../facts/compiler.js';
import type { TextEdit } from '../patch.js';

export function edit(source: tsTypes.SourceFile, start: number, end: number, text: string): TextEdit {
  return { file: source.fileName, start, end, text };
}

/** The white space that a line starts with. */
export function indentOf(node: tsTypes.Node): string {
  const { text } = node.getSourceFile();
  const start = node.getStart();
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', start - 1) + 1, start))?.[0] ?? '';
}

/** What one level of a file is indented by. */
export function indentUnit({ text }: tsTypes.SourceFile): string {
  return /^(\t| {2,8})\S/m.exec(text)?.[1] ?? '  ';
}

/** With the comment lines right above it. */
export function startWithComments(node: tsTypes.Node): number {
  const { text } = node.getSourceFile();
  const comments = ts.getLeadingCommentRanges(text, node.pos) ?? [];
  const own = comments.filter((c) => text.slice(text.lastIndexOf('\n', c.pos - 1) + 1, c.pos).trim() === '');
  const above = own.filter((c, i) => !/\n[ \t]*\r?\n/.test(text.slice(c.end, own[i + 1]?.pos ?? node.getStart())));
  return above[0]?.pos ?? node.getStart();
}

/** Takes the whole lines of statements that follow one another away, and the blank lines that then part nothing. */
export function withoutLines(run: readonly tsTypes.Node[]): TextEdit[] {
  const [first] = run;
  const last = run.at(-1);
  if (!first || !last) return [];
  const source = first.getSourceFile();
  const { text } = source;
  const start = text.lastIndexOf('\n', startWithComments(first) - 1) + 1;
  const end = last.end + (/^[^\n]*\n?/.exec(text.slice(last.end))?.[0].length ?? 0);
  const above = /(?<=\n)(?:[ \t]*\r?\n)+$/.exec(text.slice(0, start))?.[0].length ?? 0;
  const below = /^(?:[ \t]*\r?\n)+/.exec(text.slice(end))?.[0].length ?? 0;
  if (/^\s*\}/.test(text.slice(end))) return [edit(source, start - above, end, '')];
  const opens = above > 0 || /\{[ \t]*\r?\n$/.test(text.slice(0, start));
  return [edit(source, start, end + (opens ? below : 0), '')];
}

/** Takes elements out of a list with the commas that part them from the others. */
export function withoutItems(list: tsTypes.NodeArray<tsTypes.Node>, gone: readonly tsTypes.Node[]): TextEdit[] {
  const [head] = list;
  if (!head || gone.length === 0) return [];
  const source = head.getSourceFile();
  if (gone.length === list.length) return [edit(source, list.pos, list.end, '')];
  const edits: TextEdit[] = [];
  for (let i = 0; i < list.length; ) {
    let end = i;
    while (end < list.length && gone.includes(list[end] as tsTypes.Node)) end++;
    const item = list[i];
    const next = list[end];
    const before = list[i - 1];
    const last = list[end - 1];
    if (end > i && item && last)
      edits.push(next ? edit(source, item.getStart(), next.getStart(), '') : edit(source, before?.end ?? item.getStart(), last.end, ''));
    i = Math.max(end, i + 1);
  }
  return edits;
}

export function isInside(node: tsTypes.Node, outer: tsTypes.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}

export function eachNode(node: tsTypes.Node, visit: (node: tsTypes.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => eachNode(child, visit));
}

/** `await (x as Y)!` → `x`. */
export function bare(node: tsTypes.Expression): tsTypes.Expression {
  return ts.isAwaitExpression(node) || ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node)
    ? bare(node.expression)
    : node;
}

export function classOf(node: tsTypes.Node | undefined): tsTypes.ClassDeclaration | undefined {
  return node && ts.findAncestor(node, ts.isClassDeclaration);
}

export function constructorOf(declaration: tsTypes.ClassLikeDeclaration): tsTypes.ConstructorDeclaration | undefined {
  return declaration.members.find((m): m is tsTypes.ConstructorDeclaration => ts.isConstructorDeclaration(m) && m.body !== undefined);
}

/** What a name means, an import followed to where it is declared. */
export function declarationOf(name: tsTypes.Node, checker: tsTypes.TypeChecker): tsTypes.Declaration | undefined {
  return symbolAt(name, checker)?.declarations?.[0];
}

export function symbolAt(name: tsTypes.Node, checker: tsTypes.TypeChecker): tsTypes.Symbol | undefined {
  const { parent } = name;
  const symbol =
    parent && ts.isShorthandPropertyAssignment(parent) && parent.name === name
      ? checker.getShorthandAssignmentValueSymbol(parent)
      : checker.getSymbolAtLocation(name);
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Where a list of statements can take another: `;` or none, as the file has it. */
export function endsStatements({ text }: tsTypes.SourceFile): string {
  const lines = text.split('\n');
  const closed = lines.filter((line) => /;\s*$/.test(line)).length;
  const open = lines.filter((line) => /[\w)'"\]]\s*$/.test(line)).length;
  return closed === 0 && open > 0 ? '' : ';';
}
