import { ts, type tsTypes } from '../facts/compiler.js';
import type { Workspace } from './workspace.js';

export type Accessor = tsTypes.GetAccessorDeclaration | tsTypes.SetAccessorDeclaration;

/** Where a refusal points: `order.ts:12`. */
export function placeOf(node: tsTypes.Node, workspace: Workspace): string {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  return `${workspace.relative(source.fileName)}:${line + 1}`;
}

/** `Order.title`. */
export function memberName(member: tsTypes.ClassElement): string {
  const { parent, name } = member;
  const own = name?.getText() ?? 'constructor';
  return ts.isClassLike(parent) && parent.name ? `${parent.name.text}.${own}` : own;
}

export function classAround(node: tsTypes.Node): tsTypes.ClassLikeDeclaration | undefined {
  return ts.findAncestor(node, ts.isClassLike);
}

/** The classes that a class extends, nearest first, as far as their sources or declarations are known. */
export function basesOf(declaration: tsTypes.ClassLikeDeclaration, checker: tsTypes.TypeChecker): tsTypes.ClassLikeDeclaration[] {
  const found: tsTypes.ClassLikeDeclaration[] = [];
  for (let at: tsTypes.ClassLikeDeclaration | undefined = declaration; at; ) {
    const heritage: tsTypes.ExpressionWithTypeArguments | undefined = extended(at);
    const base: tsTypes.Declaration | undefined =
      heritage && checker.getTypeAtLocation(heritage).symbol?.declarations?.find(ts.isClassLike);
    at = base && ts.isClassLike(base) && !found.includes(base) ? base : undefined;
    if (at) found.push(at);
  }
  return found;
}

function extended({ heritageClauses }: tsTypes.ClassLikeDeclaration): tsTypes.ExpressionWithTypeArguments | undefined {
  return heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
}

/** `order.items`, `order['items']`. */
export function isAccess(node: tsTypes.Node): node is tsTypes.PropertyAccessExpression | tsTypes.ElementAccessExpression {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}

/** The same declaration, in whichever program it was read. */
export function isSame(a: tsTypes.Node, b: tsTypes.Node): boolean {
  return a === b || (a.pos === b.pos && a.end === b.end && a.getSourceFile().fileName === b.getSourceFile().fileName);
}
