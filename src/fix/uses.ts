import { ts, type tsTypes } from '../facts/compiler.js';

/** Whether the name is given another value here: assigned, counted up, deleted, or filled by destructuring. Its declaration is none. */
export function isWrite(use: tsTypes.Node): boolean {
  const target = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : elementOf(use);
  return isAssigned(target);
}

/** `order['status']` of `'status'`. */
function elementOf(use: tsTypes.Node): tsTypes.Node {
  return ts.isElementAccessExpression(use.parent) && use.parent.argumentExpression === use ? use.parent : use;
}

function isAssigned(node: tsTypes.Node): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent)) return isAssigned(parent);
  if (ts.isBinaryExpression(parent)) return parent.left === node && isAssignment(parent.operatorToken.kind);
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
  if (ts.isDeleteExpression(parent)) return true;
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === node;
  if (ts.isArrayLiteralExpression(parent) || ts.isSpreadElement(parent)) return isPattern(parent);
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node && isPattern(parent.parent);
  return false;
}

/** An array or object literal on the left of an assignment. */
function isPattern(node: tsTypes.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if (ts.isForOfStatement(parent)) return parent.initializer === node;
  if (ts.isArrayLiteralExpression(parent) || ts.isSpreadElement(parent)) return isPattern(parent);
  return ts.isPropertyAssignment(parent) && parent.initializer === node && isPattern(parent.parent);
}

function isAssignment(kind: tsTypes.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** Where `readonly` still lets the own class assign: its constructor, no function inside it. */
export function inConstructorOf(use: tsTypes.Node, owner: tsTypes.Node): boolean {
  const around = ts.findAncestor(use, (node) => ts.isFunctionLike(node));
  return around !== undefined && ts.isConstructorDeclaration(around) && (around.parent === owner || around === owner);
}
