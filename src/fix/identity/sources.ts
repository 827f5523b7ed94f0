import { ts, type tsTypes } from '../../facts/compiler.js';
import type { Following } from './following.js';
import { isFollowable } from './locals.js';
import { admits, bare, declaredAt, namesOf, propertyNamed, shapeOf } from './symbols.js';

/** An identity is wanted where this expression stands: what gives the object gives its identity, or is asked for it. */
export function source(expression: tsTypes.Expression, following: Following): void {
  if (!following.visit(expression, 'source')) return;
  const inner = ts.isParenthesizedExpression(expression) ? expression.expression : undefined;
  if (inner) following.source(inner);
  else if (following.gives(expression) || isNothing(expression)) return;
  else if (ts.isConditionalExpression(expression)) {
    following.source(expression.whenTrue);
    following.source(expression.whenFalse);
  } else if (ts.isBinaryExpression(expression) && EITHER.has(expression.operatorToken.kind)) {
    following.source(expression.left);
    following.source(expression.right);
  } else if (ts.isArrayLiteralExpression(expression)) {
    for (const element of expression.elements) following.source(ts.isSpreadElement(element) ? element.expression : element);
    copied(expression, following);
  } else if (isWrapping(expression)) wrapped(expression, following);
  else if (isAdding(expression)) added(expression, following);
  else if (!followed(expression, following)) asked(expression, following);
}

/** `[...customers]`: `customers.map((customer) => customer.id)` is a copy as it is. */
function copied(list: tsTypes.ArrayLiteralExpression, following: Following): void {
  const [only, ...rest] = list.elements;
  if (!only || rest.length > 0 || !ts.isSpreadElement(only)) return;
  const checker = following.checker(list);
  const { expression } = only;
  if (shapeOf(checker.getTypeAtLocation(expression), checker) !== 'array' || !ts.isLeftHandSideExpression(expression)) return;
  following.last(list, () => {
    if (following.gives(expression)) return;
    following.edit(list, list.getStart(), expression.getStart(), '');
    following.edit(list, expression.end, list.end, '');
  });
}

const EITHER = new Set([ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken]);

function isNothing(expression: tsTypes.Expression): boolean {
  return (
    expression.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(expression) && expression.text === 'undefined') ||
    ts.isOmittedExpression(expression)
  );
}

/** `new Set(customers)`, `Array.from(customers)`, `Object.freeze(customers)`: what goes in comes out. */
export function isWrapping(node: tsTypes.Node): node is tsTypes.CallExpression | tsTypes.NewExpression {
  if (ts.isNewExpression(node)) return /^(?:Readonly)?(?:Set|Map|Array)$/.test(node.expression.getText());
  return ts.isCallExpression(node) && /^(?:Array\.(?:from|of)|Object\.freeze|structuredClone)$/.test(node.expression.getText());
}

function wrapped(call: tsTypes.CallExpression | tsTypes.NewExpression, following: Following): void {
  const types = call.typeArguments ?? [];
  const held = types.at(-1);
  if (held) following.retype(held);
  const [first, ...rest] = call.arguments ?? [];
  if (rest.length > 0 && !call.expression.getText().endsWith('.of')) following.stop({ what: 'whole', at: call });
  const isMap = ts.isNewExpression(call) && call.expression.getText() === 'Map';
  if (first && isMap && ts.isArrayLiteralExpression(first)) for (const entry of first.elements) entrySource(entry, following);
  else for (const arg of call.arguments ?? []) following.source(arg);
}

function entrySource(entry: tsTypes.Expression, following: Following): void {
  const value = ts.isArrayLiteralExpression(entry) ? entry.elements[1] : undefined;
  if (value) following.source(value);
  else following.stop({ what: 'whole', at: entry });
}

/** `new Map(fleet.vehicles).set(key, vehicle)`, `customers.concat(customer)`: a list with something added. */
function isAdding(node: tsTypes.Expression): node is tsTypes.CallExpression & { readonly expression: tsTypes.PropertyAccessExpression } {
  return (
    ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && /^(?:set|add|concat)$/.test(node.expression.name.text)
  );
}

function added(
  { expression, arguments: args }: tsTypes.CallExpression & { readonly expression: tsTypes.PropertyAccessExpression },
  following: Following,
): void {
  following.source(expression.expression);
  if (expression.name.text === 'set') elementOfMap(args, following);
  else for (const arg of args) following.source(arg);
}

/** What a map is given, unless its key says the same already. */
export function elementOfMap(args: readonly tsTypes.Expression[], following: Following): void {
  const [key, value] = args;
  if (!key || !value) return;
  if (key.getText() === `${value.getText()}.${following.target.asked}`)
    following.stop({ what: 'other', why: 'its keys are the identities already: make it a Set of them', at: key });
  following.source(value);
}

/** A parameter, or an entry of what a factory is given, that serves for nothing but the identity. */
function followed(expression: tsTypes.Expression, following: Following): boolean {
  const inner = bare(expression);
  const checker = following.checker(expression);
  if (ts.isIdentifier(inner)) {
    for (const name of declaredAt(inner, checker)) {
      const { parent } = name;
      if (ts.isParameter(parent) && isFollowable(parent.parent)) return following.attempt(() => following.parameter(parent));
      if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) return entryOf(parent, following);
    }
  }
  if (!ts.isPropertyAccessExpression(inner) || !isGivenTo(inner.expression, checker)) return false;
  return entryFollows(namesOf(checker.getSymbolAtLocation(inner.name), checker), following);
}

function entryOf(element: tsTypes.BindingElement, following: Following): boolean {
  const pattern = element.parent;
  const isGiven = ts.isParameter(pattern.parent) && isFollowable(pattern.parent.parent);
  if (!isGiven) return false;
  const checker = following.checker(element);
  const name = (element.propertyName ?? element.name).getText();
  return entryFollows(namesOf(checker.getPropertyOfType(checker.getTypeAtLocation(pattern), name), checker), following);
}

function isGivenTo(of: tsTypes.Expression, checker: tsTypes.TypeChecker): boolean {
  return ts.isIdentifier(of) && declaredAt(of, checker).some(({ parent }) => ts.isParameter(parent) && isFollowable(parent.parent));
}

function entryFollows(names: readonly tsTypes.Node[], following: Following): boolean {
  const [name] = names;
  return name !== undefined && ts.isPropertySignature(name.parent) && following.attempt(() => following.member(name));
}

/** `customer.id`: the object stays an object up to here. */
function asked(expression: tsTypes.Expression, following: Following): void {
  const { target } = following;
  const checker = following.checker(expression);
  const type = checker.getTypeAtLocation(expression);
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) {
    following.stop({ what: 'other', why: `\`${shortened(expression)}\` has no type that could be asked`, at: expression });
    return;
  }
  if (ts.isAsExpression(expression) || ts.isObjectLiteralExpression(expression)) {
    following.stop({ what: 'other', why: `\`${shortened(expression)}\` only stands for a ${target.name}`, at: expression });
    return;
  }
  const shape = shapeOf(type, checker);
  const element = shape === 'one' ? type : elementTypeOf(type, checker);
  if (shape === 'map' || !element || !propertyNamed(element, target.accessor.name, checker)) {
    following.stop({ what: 'other', why: `\`${shortened(expression)}\` cannot be asked for its identity`, at: expression });
    return;
  }
  following.last(expression, () => {
    if (!following.gives(expression)) write(expression, shape, following);
  });
}

function elementTypeOf(type: tsTypes.Type, checker: tsTypes.TypeChecker): tsTypes.Type | undefined {
  const solid = checker.getNonNullableType(type);
  return solid.getNumberIndexType() ?? checker.getTypeArguments(solid as tsTypes.TypeReference)[0];
}

function write(expression: tsTypes.Expression, shape: 'one' | 'array' | 'set' | 'map', following: Following): void {
  const { target } = following;
  const checker = following.checker(expression);
  const type = checker.getTypeAtLocation(expression);
  const wanted = checker.getContextualType(expression);
  const { strict, strictNullChecks = strict } = following.workspace.optionsOf(expression.getSourceFile().fileName);
  const missing = strictNullChecks ? admits(type, ts.TypeFlags.Null | ts.TypeFlags.Undefined) : isOptional(expression, checker);
  const dot = missing ? '?.' : '.';
  const wraps = !ts.isLeftHandSideExpression(expression);
  const onlyNull = admits(type, ts.TypeFlags.Null) && admits(wanted, ts.TypeFlags.Null) && !admits(wanted, ts.TypeFlags.Undefined);
  const otherwise = onlyNull ? ' ?? null' : '';
  const element = `${target.name.charAt(0).toLowerCase()}${target.name.slice(1)}`;
  const map = `map((${element}) => ${element}.${target.asked})`;
  const start = expression.getStart();
  if (shape === 'set') {
    following.edit(expression, start, start, 'new Set([...');
    following.edit(expression, expression.end, expression.end, `].${map})`);
    return;
  }
  if (wraps) following.edit(expression, start, start, '(');
  const after = shape === 'one' ? target.asked : map;
  following.edit(expression, expression.end, expression.end, `${wraps ? ')' : ''}${dot}${after}${otherwise}`);
}

/** Where the compiler is not strict, the declaration alone says that a value may be missing. */
function isOptional(expression: tsTypes.Expression, checker: tsTypes.TypeChecker): boolean {
  const inner = bare(expression);
  const name = ts.isPropertyAccessExpression(inner) ? inner.name : inner;
  return declaredAt(name, checker).some(
    ({ parent }) =>
      ((ts.isParameter(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) &&
        parent.questionToken !== undefined) ||
      (ts.isPropertyAccessExpression(inner) && inner.questionDotToken !== undefined),
  );
}

function shortened(node: tsTypes.Node): string {
  const text = node.getText().replaceAll(/\s+/g, ' ');
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
