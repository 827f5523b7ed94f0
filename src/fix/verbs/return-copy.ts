import type { ReturnCopy } from '../../change.js';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { type CollectionKind, collectionKind } from '../collection-types.js';
import { exposing, ownChangesMoved } from '../exposing.js';
import { functionOf } from '../members.js';
import { placeOf } from '../nodes.js';
import { refuse, type TextEdit } from '../patch.js';
import type { Verb } from './verb.js';

export const returnCopy: Verb<ReturnCopy> = ({ at }, workspace) => {
  const shown = exposing(workspace.nodeAt(at), workspace);
  const fn = shown && functionOf(shown.member);
  const body = fn && 'body' in fn ? fn.body : undefined;
  if (!shown || !body) return refuse('no accessor or method stands there');
  const { edits: moved, lost } = ownChangesMoved(shown, workspace);
  const [first] = lost;
  if (first) return refuse(`the change at ${placeOf(first, workspace)} would be made to the copy, and be lost`);
  const checker = workspace.checker(shown.name.getSourceFile().fileName);
  const edits = returnedBy(body).flatMap((returned) => copied(returned, checker));
  return edits.length > 0 ? { edits: [...edits, ...moved] } : refuse('what it returns is no collection that can be copied there');
};

function returnedBy(body: tsTypes.ConciseBody): tsTypes.Expression[] {
  if (!ts.isBlock(body)) return [body];
  const found: tsTypes.Expression[] = [];
  const visit = (node: tsTypes.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    else ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return found;
}

/** Copies what an expression hands out of `this`, as deep inside as it can stand. */
function copied(expression: tsTypes.Expression, checker: tsTypes.TypeChecker): TextEdit[] {
  if (ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression))
    return copied(expression.expression, checker);
  if (ts.isConditionalExpression(expression)) return [...copied(expression.whenTrue, checker), ...copied(expression.whenFalse, checker)];
  if (ts.isCallExpression(expression)) {
    const { expression: callee } = expression;
    const inPlace = ts.isPropertyAccessExpression(callee) && /^(?:sort|reverse|fill|copyWithin)$/.test(callee.name.text);
    return inPlace && isLive(callee.expression, checker) ? wrapped(callee.expression, checker) : [];
  }
  return isLive(expression, checker) ? wrapped(expression, checker) : [];
}

/** What is kept in `this`, directly or under a local name. */
function isLive(expression: tsTypes.Expression, checker: tsTypes.TypeChecker): boolean {
  if (ts.isBinaryExpression(expression)) {
    const { kind } = expression.operatorToken;
    const isFallback = kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
    return isFallback && (isLive(expression.left, checker) || isLive(expression.right, checker));
  }
  if (
    ts.isPropertyAccessExpression(expression) ||
    ts.isNonNullExpression(expression) ||
    ts.isParenthesizedExpression(expression) ||
    ts.isAsExpression(expression)
  )
    return expression.expression.kind === ts.SyntaxKind.ThisKeyword || isLive(expression.expression, checker);
  if (!ts.isIdentifier(expression)) return false;
  const declaration = checker.getSymbolAtLocation(expression)?.valueDeclaration;
  if (!declaration) return false;
  if (ts.isBindingElement(declaration)) {
    const from = ts.findAncestor(declaration, ts.isVariableDeclaration)?.initializer;
    return from !== undefined && (from.kind === ts.SyntaxKind.ThisKeyword || isLive(from, checker));
  }
  return ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined && isLive(declaration.initializer, checker);
}

function wrapped(expression: tsTypes.Expression, checker: tsTypes.TypeChecker): TextEdit[] {
  const type = checker.getTypeAtLocation(expression);
  const kind = collectionKind(type, checker);
  if (!kind) return [];
  const [before, after] = COPIES[kind];
  const { fileName: file } = expression.getSourceFile();
  const start = expression.getStart();
  const { end } = expression;
  const isNullable = checker.getNonNullableType(type) !== type;
  const isInside = ts.isAsExpression(expression.parent) || ts.isSatisfiesExpression(expression.parent);
  const [open, close] = isNullable && isInside ? ['(', ')'] : ['', ''];
  const test = isNullable ? `${expression.getText()} && ` : '';
  return [
    { file, start, end: start, text: `${open}${test}${before}` },
    { file, start: end, end, text: `${after}${close}` },
  ];
}

export const COPIES: Readonly<Record<CollectionKind, readonly [string, string]>> = {
  array: ['[...', ']'],
  map: ['new Map(', ')'],
  set: ['new Set(', ')'],
};
