import { classFacts } from './extract-classes.js';
import { functionFacts } from './extract-functions.js';
import { dispatch, enter, isComputed, type Mutable, mapNodes, NONE, nameText, rangeOf, type Source, startOf } from './extract-source.js';
import { typeNode, typeNodes } from './extract-types.js';
import type { Expression, ObjectEntry, Range } from './facts.js';
import { ts, type tsTypes } from './parser.js';

const { SyntaxKind, idText, isComputedPropertyName, isGetAccessorDeclaration, isMethodDeclaration, isOmittedExpression } = ts;
const { isPropertyAssignment, isShorthandPropertyAssignment, isSpreadAssignment, isStringLiteralLike, tokenToString } = ts;
const { isConstTypeReference, isJsxAttribute, isJsxExpression, isJsxSpreadAttribute, isJsxText } = ts;
const { FirstAssignment, LastAssignment, PlusPlusToken, MinusMinusToken } = SyntaxKind;

type Variant<E extends Expression['e']> = Mutable<Extract<Expression, { e: E }>>;

/** An expression that starts with another one. Chains of these get long: thousands of `+`, hundreds of builder calls. */
interface Link {
  readonly first: (node: never) => tsTypes.Expression;
  /** Undefined for syntax that is dropped: parentheses, `!`, `satisfies`. */
  readonly wrap?: (source: Source, node: never, inner: Expression, at: Range) => Expression;
}
/** Links that nest in the facts: what walks them may recurse. */
const CHAIN_LIMIT = 500;

type Leaf = (source: Source, node: never) => Expression;

/** Walks down to the first operand and builds up from there, so that a long chain needs no stack. */
export function expression(source: Source, node: tsTypes.Expression): Expression {
  enter(source);
  const { spine } = source;
  const bottom = spine.length;
  let current = node;
  for (let link = LINKS[current.kind]; link !== undefined; link = LINKS[current.kind]) {
    if (link.wrap !== undefined) spine.push(current);
    current = link.first(current as never);
  }
  const leaf = (LEAVES[current.kind] ?? other)(source, current as never);
  const result = spine.length === bottom ? leaf : chain(source, bottom, leaf, current.pos);
  source.depth--;
  return result;
}

/** Wraps the first operand in the links above `bottom` on the spine; those too far in lie side by side instead. */
function chain(source: Source, bottom: number, leaf: Expression, leafPosition: number): Expression {
  const { spine } = source;
  const flat = spine.length - bottom > CHAIN_LIMIT ? [leaf] : undefined;
  let result = leaf;
  let position = leafPosition;
  let start = leaf.at[0];
  while (spine.length > bottom) {
    const outer = spine.pop();
    const wrap = outer && LINKS[outer.kind]?.wrap;
    if (outer === undefined || wrap === undefined) break;
    // Dropped parentheses lie between the two when they do not start together.
    if (outer.pos !== position) start = startOf(source, outer);
    position = outer.pos;
    const at: Range = [start, outer.end];
    if (flat !== undefined && spine.length - bottom >= CHAIN_LIMIT) {
      flat.push(wrap(source, outer as never, { e: 'other', parts: NONE, at: result.at }, at));
      result = { e: 'other', parts: flat, at };
    } else result = wrap(source, outer as never, result, at);
  }
  return result;
}

function optionalExpression(source: Source, node: tsTypes.Expression | undefined): Expression | undefined {
  return node === undefined || isOmittedExpression(node) ? undefined : expression(source, node);
}

// ── chains ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface WithExpression {
  readonly expression: tsTypes.Expression;
}
const inner = (node: WithExpression) => node.expression;

const LINKS = dispatch<Link>([
  [SyntaxKind.ParenthesizedExpression, { first: inner }],
  [SyntaxKind.NonNullExpression, { first: inner }],
  [SyntaxKind.SatisfiesExpression, { first: inner }],
  [SyntaxKind.ExpressionWithTypeArguments, { first: inner }],
  [SyntaxKind.PropertyAccessExpression, { first: inner, wrap: property }],
  [SyntaxKind.ElementAccessExpression, { first: inner, wrap: element }],
  [SyntaxKind.CallExpression, { first: inner, wrap: call }],
  [SyntaxKind.AsExpression, { first: inner, wrap: cast }],
  [SyntaxKind.TaggedTemplateExpression, { first: (node: tsTypes.TaggedTemplateExpression) => node.tag, wrap: taggedTemplate }],
  [SyntaxKind.BinaryExpression, { first: (node: tsTypes.BinaryExpression) => node.left, wrap: binary }],
  [SyntaxKind.ConditionalExpression, { first: (node: tsTypes.ConditionalExpression) => node.condition, wrap: conditional }],
  [SyntaxKind.PostfixUnaryExpression, { first: (node: tsTypes.PostfixUnaryExpression) => node.operand, wrap: postfix }],
]);

function property(source: Source, node: tsTypes.PropertyAccessExpression, of: Expression, at: Range): Expression {
  const result: Variant<'member'> = { e: 'member', of, name: idText(node.name), nameAt: rangeOf(source, node.name), at };
  if (node.questionDotToken !== undefined) result.optional = true;
  return result;
}

function element(source: Source, node: tsTypes.ElementAccessExpression, of: Expression, at: Range): Expression {
  const key = node.argumentExpression;
  if (!isStringLiteralLike(key)) return { e: 'index', of, by: expression(source, key), at };
  const result: Variant<'member'> = { e: 'member', of, name: nameText(source, key), nameAt: rangeOf(source, key), at };
  if (node.questionDotToken !== undefined) result.optional = true;
  return result;
}

function call(source: Source, node: tsTypes.CallExpression, callee: Expression, at: Range): Expression {
  const result: Variant<'call'> = { e: 'call', callee, args: mapNodes(source, node.arguments, expression), at };
  if (node.typeArguments !== undefined) result.typeArgs = typeNodes(source, node.typeArguments);
  if (node.questionDotToken !== undefined) result.optional = true;
  return result;
}

function cast(source: Source, node: tsTypes.AssertionExpression, of: Expression, at: Range): Expression {
  const { type } = node;
  if (isConstTypeReference(type)) return { e: 'as', of, type: { t: 'ref', name: 'const', args: NONE, at: rangeOf(source, type) }, at };
  return { e: 'as', of, type: typeNode(source, type), at };
}

function taggedTemplate(source: Source, node: tsTypes.TaggedTemplateExpression, tag: Expression, at: Range): Expression {
  return { e: 'template', parts: templateParts(source, node.template), at, tag, ...templateText(node.template) };
}

function binary(source: Source, node: tsTypes.BinaryExpression, left: Expression, at: Range): Expression {
  const { kind } = node.operatorToken;
  const op = operatorText(kind);
  const right = expression(source, node.right);
  if (kind >= FirstAssignment && kind <= LastAssignment) return { e: 'assign', op, target: left, value: right, at };
  return { e: 'binary', op, left, right, at };
}

function conditional(source: Source, node: tsTypes.ConditionalExpression, test: Expression, at: Range): Expression {
  return { e: 'conditional', test, yes: expression(source, node.whenTrue), no: expression(source, node.whenFalse), at };
}

function postfix(_source: Source, node: tsTypes.PostfixUnaryExpression, of: Expression, at: Range): Expression {
  return { e: 'update', op: operatorText(node.operator), of, at };
}

const operators: string[] = new Array(200).fill('');

function operatorText(kind: tsTypes.SyntaxKind): string {
  const known = operators[kind];
  if (known !== undefined && known !== '') return known;
  const text = tokenToString(kind) ?? '';
  operators[kind] = text;
  return text;
}

// ── leaves ────────────────────────────────────────────────────────────────────────────────────────────────────────

const STRING_LIMIT = 200;
const SQL_LIMIT = 4000;
const SQL_WORD = /^\s*(?:insert|replace|merge|update|with|select)\s/i;
const SQL =
  /^\s*(?:(?:insert|replace|merge)\s+(?:ignore\s+)?into\s|update\s[\s\S]*\sset\s|with\s[\s\S]*\s(?:update|insert)\s|select\s[\s\S]*\sfor\s+update\b)/i;

const LEAVES = dispatch<Leaf>([
  [SyntaxKind.Identifier, (source, node: tsTypes.Identifier) => ({ e: 'name', name: idText(node), at: rangeOf(source, node) })],
  [
    SyntaxKind.PrivateIdentifier,
    (source, node: tsTypes.PrivateIdentifier) => ({ e: 'name', name: idText(node), at: rangeOf(source, node) }),
  ],
  [SyntaxKind.ImportKeyword, (source, node: tsTypes.Node) => ({ e: 'name', name: 'import', at: rangeOf(source, node) })],
  [SyntaxKind.ThisKeyword, (source, node: tsTypes.Node) => ({ e: 'this', at: rangeOf(source, node) })],
  [SyntaxKind.SuperKeyword, (source, node: tsTypes.Node) => ({ e: 'super', at: rangeOf(source, node) })],
  [SyntaxKind.TrueKeyword, (source, node: tsTypes.Node) => ({ e: 'literal', value: true, at: rangeOf(source, node) })],
  [SyntaxKind.FalseKeyword, (source, node: tsTypes.Node) => ({ e: 'literal', value: false, at: rangeOf(source, node) })],
  [SyntaxKind.NullKeyword, (source, node: tsTypes.Node) => ({ e: 'literal', value: null, at: rangeOf(source, node) })],
  [SyntaxKind.StringLiteral, stringLiteral],
  [SyntaxKind.NoSubstitutionTemplateLiteral, stringLiteral],
  [SyntaxKind.NumericLiteral, numericLiteral],
  [SyntaxKind.BigIntLiteral, (source, node: tsTypes.Node) => ({ e: 'literal', value: undefined, at: rangeOf(source, node) })],
  [
    SyntaxKind.RegularExpressionLiteral,
    (source, node: tsTypes.Node) => ({ e: 'literal', value: undefined, at: rangeOf(source, node), regex: true }),
  ],
  [SyntaxKind.TemplateExpression, template],
  [SyntaxKind.NewExpression, newExpression],
  [
    SyntaxKind.AwaitExpression,
    (source, node: tsTypes.AwaitExpression) => ({ e: 'await', of: expression(source, node.expression), at: rangeOf(source, node) }),
  ],
  [SyntaxKind.YieldExpression, yieldExpression],
  [
    SyntaxKind.SpreadElement,
    (source, node: tsTypes.SpreadElement) => ({ e: 'spread', of: expression(source, node.expression), at: rangeOf(source, node) }),
  ],
  [SyntaxKind.FunctionExpression, functionExpression],
  [SyntaxKind.ArrowFunction, functionExpression],
  [SyntaxKind.ClassExpression, classExpression],
  [SyntaxKind.ObjectLiteralExpression, objectLiteral],
  [SyntaxKind.ArrayLiteralExpression, arrayLiteral],
  [SyntaxKind.PrefixUnaryExpression, prefix],
  [SyntaxKind.TypeOfExpression, unary('typeof')],
  [SyntaxKind.VoidExpression, unary('void')],
  [SyntaxKind.DeleteExpression, unary('delete')],
  [SyntaxKind.TypeAssertionExpression, typeAssertion],
  [SyntaxKind.JsxElement, jsxElement],
  [SyntaxKind.JsxFragment, jsxFragment],
  [SyntaxKind.JsxSelfClosingElement, jsxSelfClosing],
]);

function stringLiteral(source: Source, node: tsTypes.StringLiteralLike): Expression {
  const { text } = node;
  return { e: 'literal', value: text.length > STRING_LIMIT ? text.slice(0, textLimit(text)) : text, at: rangeOf(source, node) };
}

function textLimit(text: string): number {
  return SQL.test(text) ? SQL_LIMIT : STRING_LIMIT;
}

function numericLiteral(source: Source, node: tsTypes.NumericLiteral): Expression {
  const value = Number(node.text);
  return { e: 'literal', value: Number.isFinite(value) ? value : undefined, at: rangeOf(source, node) };
}

function template(source: Source, node: tsTypes.TemplateExpression): Expression {
  return { e: 'template', parts: templateParts(source, node), at: rangeOf(source, node), ...templateText(node) };
}

function templateText(node: tsTypes.TemplateLiteral): { readonly text?: string; readonly head?: string } {
  const head = 'templateSpans' in node ? node.head.text : node.text;
  if (SQL_WORD.test(head)) {
    const whole = 'templateSpans' in node ? [head, ...node.templateSpans.map(({ literal }) => literal.text)].join('?') : head;
    if (SQL.test(whole)) return { text: whole.slice(0, SQL_LIMIT) };
  }
  return 'templateSpans' in node && head !== '' ? { head: head.slice(0, STRING_LIMIT) } : {};
}

function templateParts(source: Source, node: tsTypes.TemplateLiteral): readonly Expression[] {
  return 'templateSpans' in node ? mapNodes(source, node.templateSpans, (_, span) => expression(source, span.expression)) : NONE;
}

function newExpression(source: Source, node: tsTypes.NewExpression): Expression {
  const at = rangeOf(source, node);
  const callee = expression(source, node.expression);
  const result: Variant<'new'> = { e: 'new', callee, args: mapNodes(source, node.arguments, expression), at };
  if (node.typeArguments !== undefined) result.typeArgs = typeNodes(source, node.typeArguments);
  return result;
}

function yieldExpression(source: Source, node: tsTypes.YieldExpression): Expression {
  const at = rangeOf(source, node);
  return node.expression === undefined ? { e: 'yield', at } : { e: 'yield', of: expression(source, node.expression), at };
}

function functionExpression(source: Source, node: tsTypes.FunctionExpression | tsTypes.ArrowFunction): Expression {
  const fn = functionFacts(source, node);
  return { e: 'function', fn, at: fn.at };
}

function classExpression(source: Source, node: tsTypes.ClassExpression): Expression {
  const declaration = classFacts(source, node);
  return { e: 'class', declaration, at: declaration.span };
}

function arrayLiteral(source: Source, node: tsTypes.ArrayLiteralExpression): Expression {
  return { e: 'array', elements: mapNodes(source, node.elements, optionalExpression), at: rangeOf(source, node) };
}

function prefix(source: Source, node: tsTypes.PrefixUnaryExpression): Expression {
  const { operator } = node;
  const e = operator === PlusPlusToken || operator === MinusMinusToken ? 'update' : 'unary';
  return { e, op: operatorText(operator), of: expression(source, node.operand), at: rangeOf(source, node) };
}

function unary(op: string): Leaf {
  return (source, node: tsTypes.Expression & WithExpression) => ({
    e: 'unary',
    op,
    of: expression(source, node.expression),
    at: rangeOf(source, node),
  });
}

function typeAssertion(source: Source, node: tsTypes.TypeAssertion): Expression {
  return cast(source, node, expression(source, node.expression), rangeOf(source, node));
}

function other(source: Source, node: tsTypes.Expression): Expression {
  return { e: 'other', parts: NONE, at: rangeOf(source, node) };
}

// ── object literals ───────────────────────────────────────────────────────────────────────────────────────────────

function objectLiteral(source: Source, node: tsTypes.ObjectLiteralExpression): Expression {
  return { e: 'object', entries: mapNodes(source, node.properties, objectEntry), at: rangeOf(source, node) };
}

function objectEntry(source: Source, node: tsTypes.ObjectLiteralElementLike): ObjectEntry {
  if (isPropertyAssignment(node)) return propertyEntry(source, node.name, expression(source, node.initializer));
  if (isShorthandPropertyAssignment(node)) return shorthandEntry(source, node);
  if (isSpreadAssignment(node)) return { o: 'spread', of: expression(source, node.expression) };
  const fn = functionFacts(source, node);
  if (isMethodDeclaration(node) && isComputed(node.name)) return propertyEntry(source, node.name, { e: 'function', fn, at: fn.at });
  const o = isMethodDeclaration(node) ? 'method' : isGetAccessorDeclaration(node) ? 'get' : 'set';
  return { o, name: nameText(source, node.name), nameAt: rangeOf(source, node.name), fn };
}

function propertyEntry(source: Source, name: tsTypes.PropertyName, value: Expression): ObjectEntry {
  if (isComputedPropertyName(name) && isComputed(name)) return { o: 'computed', key: expression(source, name.expression), value };
  return { o: 'property', name: nameText(source, name), nameAt: rangeOf(source, name), value };
}

/** `{ a }`, and `{ a = 1 }` as the target of an assignment. */
function shorthandEntry(source: Source, node: tsTypes.ShorthandPropertyAssignment): ObjectEntry {
  const name = idText(node.name);
  const nameAt = rangeOf(source, node.name);
  const target: Expression = { e: 'name', name, at: nameAt };
  const { objectAssignmentInitializer: initial } = node;
  const value: Expression =
    initial === undefined ? target : { e: 'assign', op: '=', target, value: expression(source, initial), at: [nameAt[0], initial.end] };
  return { o: 'property', name, nameAt, value, shorthand: true };
}

// ── JSX ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function jsxElement(source: Source, node: tsTypes.JsxElement): Expression {
  const parts: Expression[] = [];
  addAttributes(source, node.openingElement.attributes, parts);
  addChildren(source, node.children, parts);
  return { e: 'other', parts, at: rangeOf(source, node) };
}

function jsxFragment(source: Source, node: tsTypes.JsxFragment): Expression {
  const parts: Expression[] = [];
  addChildren(source, node.children, parts);
  return { e: 'other', parts, at: rangeOf(source, node) };
}

function jsxSelfClosing(source: Source, node: tsTypes.JsxSelfClosingElement): Expression {
  const parts: Expression[] = [];
  addAttributes(source, node.attributes, parts);
  return { e: 'other', parts, at: rangeOf(source, node) };
}

function addAttributes(source: Source, attributes: tsTypes.JsxAttributes, parts: Expression[]): void {
  for (const attribute of attributes.properties) {
    if (isJsxSpreadAttribute(attribute)) parts.push(expression(source, attribute.expression));
    else if (isJsxAttribute(attribute) && attribute.initializer !== undefined) addJsx(source, attribute.initializer, parts);
  }
}

function addChildren(source: Source, children: readonly tsTypes.JsxChild[], parts: Expression[]): void {
  for (const child of children) if (!isJsxText(child)) addJsx(source, child, parts);
}

function addJsx(source: Source, node: tsTypes.JsxChild | tsTypes.JsxAttributeValue, parts: Expression[]): void {
  if (!isJsxExpression(node)) parts.push(expression(source, node as tsTypes.Expression));
  else if (node.expression !== undefined) parts.push(expression(source, node.expression));
}
