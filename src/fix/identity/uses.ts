import { ts, type tsTypes } from '../../facts/compiler.js';
import { expected } from './expectations.js';
import type { Following } from './following.js';
import { isFollowable, PLAIN } from './locals.js';
import { unpacked } from './patterns.js';
import { propertyOf } from './shorthand.js';
import { isWrapping } from './sources.js';
import { keyOf, shapeOf } from './symbols.js';

/** This expression gives an identity from now on, or several. What takes it follows, or it says why it cannot. */
export function use(expression: tsTypes.Expression, following: Following): void {
  if (!following.visit(expression, 'use')) return;
  const { parent } = expression;
  const checker = following.checker(expression);
  const many = shapeOf(checker.getTypeAtLocation(expression), checker) !== 'one';
  if (isTested(expression)) {
    if (!many && following.target.identity === 'number')
      following.stop({ what: 'other', why: 'an identity of 0 would be taken for none', at: expression });
    return;
  }
  if (passedThrough(expression, parent, following) || taken(expression, parent, following) || isHarmless(expression, parent, following))
    return;
  if (many) following.collectionUse(expression);
  else whole(expression, parent, following);
}

/** What it is part of gives an identity as well. */
function passedThrough(expression: tsTypes.Expression, parent: tsTypes.Node, following: Following): boolean {
  if (ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent)) following.use(parent);
  else if (ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent)) {
    following.retype(parent.type);
    following.use(parent);
  } else if (ts.isConditionalExpression(parent) && parent.condition !== expression) {
    following.source(parent.whenTrue === expression ? parent.whenFalse : parent.whenTrue);
    following.use(parent);
  } else if (ts.isBinaryExpression(parent) && EITHER.has(parent.operatorToken.kind)) {
    if (parent.operatorToken.kind === ts.SyntaxKind.BarBarToken && following.target.identity === 'number') return false;
    following.source(parent.left === expression ? parent.right : parent.left);
    following.use(parent);
  } else if (ts.isArrayLiteralExpression(parent)) inList(expression, parent, following);
  else if (ts.isSpreadElement(parent) && ts.isArrayLiteralExpression(parent.parent)) inList(parent, parent.parent, following);
  else if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== expression && isWrapping(parent)) {
    const held = parent.typeArguments?.at(-1);
    if (held) following.retype(held);
    if (parent.arguments?.length !== 1) return false;
    following.use(parent);
  } else return false;
  return true;
}

const EITHER = new Set([ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken]);

function inList(element: tsTypes.Expression, list: tsTypes.ArrayLiteralExpression, following: Following): void {
  for (const other of list.elements) if (other !== element) following.source(ts.isSpreadElement(other) ? other.expression : other);
  following.use(list);
}

/** It is put somewhere that follows. */
function taken(expression: tsTypes.Expression, parent: tsTypes.Node, following: Following): boolean {
  if (ts.isVariableDeclaration(parent) && parent.initializer === expression) {
    if (ts.isIdentifier(parent.name)) following.local(parent.name);
    else unpacked(parent.name, following);
    return true;
  }
  if (ts.isBinaryExpression(parent) && parent.right === expression && PLAIN.has(parent.operatorToken.kind)) {
    if (!following.gives(parent.left)) assignedTo(parent.left, following);
    return true;
  }
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === expression)) return returned(expression, following);
  if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) return entered(parent, following);
  if (ts.isParameter(parent) || ts.isPropertyDeclaration(parent) || ts.isBindingElement(parent))
    return following.slots.has(keyOf(parent.name));
  if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== expression)
    return argument(expression, parent, following);
  return false;
}

function assignedTo(left: tsTypes.Expression, following: Following): void {
  const checker = following.checker(left);
  const declaration = ts.isIdentifier(left) ? checker.getSymbolAtLocation(left)?.valueDeclaration : undefined;
  if (declaration && ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name)) following.local(declaration.name);
  else following.stop({ what: 'whole', at: left });
}

/** A getter, or a method that only hands it out, is one of the identity then; what a list is mapped to as well. */
function returned(expression: tsTypes.Expression, following: Following): boolean {
  const fn = ts.findAncestor(expression, ts.isFunctionLike);
  if (!fn) return false;
  if (ts.isGetAccessor(fn) || (ts.isMethodDeclaration(fn) && fn.parameters.length === 0 && handsOut(fn))) {
    following.member(fn.name);
    return true;
  }
  const call = fn.parent;
  if (!ts.isArrowFunction(fn) || fn.body !== expression || !ts.isCallExpression(call) || call.arguments[0] !== fn) return false;
  const mapped = ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === 'map';
  if (mapped) following.use(call);
  return mapped;
}

/** Nothing but `return`: its name is the name of what it returns. */
function handsOut({ body }: tsTypes.MethodDeclaration): boolean {
  return body?.statements.length === 1 && body.statements.every(ts.isReturnStatement);
}

function entered(entry: tsTypes.PropertyAssignment | tsTypes.ShorthandPropertyAssignment, following: Following): boolean {
  const names = propertyOf(entry, following);
  if (names.some((name) => following.slots.has(keyOf(name)))) return true;
  const [name] = names;
  const literal = entry.parent;
  const call = literal.parent;
  const isGiven =
    (ts.isCallExpression(call) || ts.isNewExpression(call)) && isFollowable(signatureOf(call, following)?.declaration ?? literal);
  if (!name || !isGiven || !ts.isPropertySignature(name.parent)) return false;
  return following.attempt(() => following.member(name));
}

function signatureOf(call: tsTypes.CallExpression | tsTypes.NewExpression, following: Following): tsTypes.Signature | undefined {
  return following.checker(call).getResolvedSignature(call);
}

function argument(expression: tsTypes.Expression, call: tsTypes.CallExpression | tsTypes.NewExpression, following: Following): boolean {
  const index = call.arguments?.indexOf(expression) ?? -1;
  if (ts.isCallExpression(call) && (compared(expression, call, following) || expected(expression, call, following))) return true;
  if (ts.isCallExpression(call) && addedTo(call, following)) return true;
  const declaration = signatureOf(call, following)?.declaration;
  const parameter = declaration?.parameters[index];
  if (!declaration || !parameter || !ts.isParameter(parameter) || !isFollowable(declaration)) return false;
  if (ts.isIdentifier(parameter.name) && following.slots.has(keyOf(parameter.name))) return true;
  return following.attempt(() => following.parameter(parameter));
}

/** `this.#customers.push(customer)` of a list that follows. */
function addedTo({ expression }: tsTypes.CallExpression, following: Following): boolean {
  return ts.isPropertyAccessExpression(expression) && following.gives(expression.expression);
}

/** `one.equals(other)` compares identities: so can it be said of them. */
function compared(expression: tsTypes.Expression, call: tsTypes.CallExpression, following: Following): boolean {
  const { target } = following;
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'equals' || callee.questionDotToken || !target.equalsByIdentity)
    return false;
  const [other] = call.arguments;
  const [left, right] = [callee.expression, other];
  if (!right || call.arguments.length > 1) return false;
  following.source(left === expression ? right : left);
  if (target.identity === 'object') return target.identityEquals;
  const { parent } = call;
  const negated = ts.isPrefixUnaryExpression(parent) && parent.operator === ts.SyntaxKind.ExclamationToken;
  const whole = negated ? parent : call;
  if (negated) following.edit(parent, parent.getStart(), call.getStart(), '');
  following.edit(call, left.end, right.getStart(), negated ? ' !== ' : ' === ');
  following.edit(call, right.end, call.end, isOperand(whole) ? ')' : '');
  if (isOperand(whole)) following.edit(call, whole.getStart(), whole.getStart(), '(');
  return true;
}

function isOperand({ parent }: tsTypes.Node): boolean {
  return ts.isPrefixUnaryExpression(parent) || (ts.isBinaryExpression(parent) && !LOOSE.has(parent.operatorToken.kind));
}

const LOOSE = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.EqualsToken,
]);

/** Neither the object nor its identity matters there: only that there is one. */
function isHarmless(expression: tsTypes.Expression, parent: tsTypes.Node, following: Following): boolean {
  if (ts.isExpressionStatement(parent)) return true;
  if (ts.isBinaryExpression(parent)) {
    const other = parent.left === expression ? parent.right : parent.left;
    if (EQUAL.has(parent.operatorToken.kind)) return isNothing(other) || same(other, following);
    if (parent.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken || parent.left !== expression) return false;
    return following.target.identity !== 'number';
  }
  return false;
}

/** Whether there is one is all that matters. Zero may be an identity, and is none then. */
function isTested(node: tsTypes.Node): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return isTested(parent);
  if (ts.isBinaryExpression(parent) && LOGICAL.has(parent.operatorToken.kind)) return isTested(parent);
  return (
    (ts.isPrefixUnaryExpression(parent) && parent.operator === ts.SyntaxKind.ExclamationToken) ||
    ((ts.isIfStatement(parent) || ts.isWhileStatement(parent)) && parent.expression === node) ||
    (ts.isConditionalExpression(parent) && parent.condition === node) ||
    (ts.isCallExpression(parent) && parent.expression.getText() === 'Boolean')
  );
}

const LOGICAL = new Set([ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken]);

const EQUAL = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
]);

/** Two objects are compared: two identities can be, unless these are objects themselves. */
function same(other: tsTypes.Expression, following: Following): boolean {
  const checker = following.checker(other);
  if (following.target.identity === 'object' || shapeOf(checker.getTypeAtLocation(other), checker) !== 'one') return false;
  following.source(other);
  return true;
}

function isNothing(node: tsTypes.Expression): boolean {
  return node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === 'undefined');
}

/** What is asked of the one object. */
function whole(expression: tsTypes.Expression, parent: tsTypes.Node, following: Following): void {
  const { accessor } = following.target;
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== expression) {
    following.stop({ what: 'whole', at: expression });
    return;
  }
  const { name } = parent;
  if (name.text === 'equals' && ts.isCallExpression(parent.parent) && compared(expression, parent.parent, following)) return;
  const called = ts.isCallExpression(parent.parent) && parent.parent.expression === parent ? parent.parent : undefined;
  if (name.text !== accessor.name || (accessor.call && !called)) {
    following.stop({ what: 'read', name: name.text, at: name });
    return;
  }
  const asking = accessor.call && called ? called : parent;
  following.edit(parent, expression.end, asking.end, '');
  if (parent.questionDotToken) chained(asking, following);
}

/** `customer?.id.value` is `customerId?.value`. */
function chained(asking: tsTypes.Expression, following: Following): void {
  const { parent } = asking;
  const continues =
    (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent)) &&
    parent.expression === asking &&
    !parent.questionDotToken;
  if (!continues) return;
  if (ts.isPropertyAccessExpression(parent)) following.edit(parent, parent.name.getStart() - 1, parent.name.getStart() - 1, '?');
  else following.stop({ what: 'whole', at: parent });
}
