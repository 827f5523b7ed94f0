import { expression } from './extract-expressions.js';
import { dottedName, Flag, type Mutable, mapNodes, modifierFlags, NONE, nameText, rangeOf, type Source } from './extract-source.js';
import { statements } from './extract-statements.js';
import { typeNode, typeNodes, typeParameters } from './extract-types.js';
import type { Decorator, FunctionFacts, Parameter, Pattern, Statement, Visibility } from './facts.js';
import { ts, type tsTypes } from './parser.js';

const { SyntaxKind, idText, isBlock, isCallExpression, isDecorator, isExpressionWithTypeArguments, isIdentifier } = ts;
const { isObjectBindingPattern, isOmittedExpression, isParenthesizedExpression, isTypePredicateNode } = ts;
const { ArrowFunction, FunctionExpression } = SyntaxKind;

type FunctionNode = tsTypes.SignatureDeclaration | tsTypes.FunctionLikeDeclaration;
type ObjectPattern = Extract<Pattern, { p: 'object' }>;
type ArrayPattern = Extract<Pattern, { p: 'array' }>;
type ArrayPatternElement = ArrayPattern['elements'][number];

export function functionFacts(source: Source, node: FunctionNode): FunctionFacts {
  const { asteriskToken, body, modifiers } = node as Partial<tsTypes.FunctionDeclaration & tsTypes.ArrowFunction>;
  const facts: Mutable<FunctionFacts> = {
    typeParameters: typeParameters(source, node.typeParameters as readonly tsTypes.TypeParameterDeclaration[] | undefined),
    parameters: mapNodes<tsTypes.ParameterDeclaration, Parameter>(source, node.parameters as never, parameter),
    async: (modifierFlags(modifiers) & Flag.async) !== 0,
    generator: asteriskToken !== undefined,
    arrow: node.kind === ArrowFunction,
    at: rangeOf(source, node),
  };
  if (node.type !== undefined) addReturns(source, facts, node.type);
  if (body !== undefined) facts.body = bodyOf(source, body);
  if (node.kind === FunctionExpression && node.name !== undefined) facts.name = nameText(source, node.name);
  return facts;
}

function addReturns(source: Source, facts: Mutable<FunctionFacts>, type: tsTypes.TypeNode): void {
  facts.returns = typeNode(source, type);
  if (!isTypePredicateNode(type)) return;
  const predicate: Mutable<NonNullable<FunctionFacts['predicate']>> = {
    parameter: isIdentifier(type.parameterName) ? idText(type.parameterName) : 'this',
    asserts: type.assertsModifier !== undefined,
  };
  if (type.type !== undefined) predicate.type = typeNode(source, type.type);
  facts.predicate = predicate;
}

function bodyOf(source: Source, body: tsTypes.ConciseBody): readonly Statement[] {
  if (isBlock(body)) return statements(source, body.statements);
  const of = expression(source, body);
  return [{ s: 'return', of, at: of.at }];
}

// ── parameters and patterns ───────────────────────────────────────────────────────────────────────────────────────

function parameter(source: Source, node: tsTypes.ParameterDeclaration): Parameter {
  const { modifiers } = node;
  const facts: Mutable<Parameter> = {
    pattern: pattern(source, node.name),
    optional: node.questionToken !== undefined,
    rest: node.dotDotDotToken !== undefined,
    decorators: decorators(source, modifiers),
    at: rangeOf(source, node),
  };
  if (node.type !== undefined) facts.type = typeNode(source, node.type);
  if (node.initializer !== undefined) facts.init = expression(source, node.initializer);
  const flags = modifierFlags(modifiers);
  if ((flags & PROPERTY_FLAGS) !== 0) facts.property = { visibility: visibilityOf(flags), readonly: (flags & Flag.readonly) !== 0 };
  return facts;
}

const PROPERTY_FLAGS = Flag.public | Flag.private | Flag.protected | Flag.readonly | Flag.override;

export function visibilityOf(flags: number): Visibility {
  if ((flags & Flag.private) !== 0) return 'private';
  return (flags & Flag.protected) !== 0 ? 'protected' : 'public';
}

export function pattern(source: Source, node: tsTypes.BindingName): Pattern {
  if (isIdentifier(node)) return { p: 'name', name: idText(node), at: rangeOf(source, node) };
  return isObjectBindingPattern(node) ? objectPattern(source, node) : arrayPattern(source, node);
}

function objectPattern(source: Source, node: tsTypes.ObjectBindingPattern): Pattern {
  const entries: ObjectPattern['entries'][number][] = [];
  const facts: Mutable<ObjectPattern> = { p: 'object', entries };
  for (const element of node.elements) {
    if (element.dotDotDotToken === undefined) {
      entries.push({ key: nameText(source, element.propertyName ?? element.name), ...boundValue(source, element) });
    } else facts.rest = pattern(source, element.name);
  }
  return facts;
}

function arrayPattern(source: Source, node: tsTypes.ArrayBindingPattern): Pattern {
  const elements: ArrayPatternElement[] = [];
  const facts: Mutable<ArrayPattern> = { p: 'array', elements };
  for (const element of node.elements) {
    if (isOmittedExpression(element)) elements.push(undefined);
    else if (element.dotDotDotToken === undefined) elements.push(boundValue(source, element));
    else facts.rest = pattern(source, element.name);
  }
  return facts;
}

function boundValue(source: Source, element: tsTypes.BindingElement): NonNullable<ArrayPatternElement> {
  const value = pattern(source, element.name);
  return element.initializer === undefined ? { value } : { value, init: expression(source, element.initializer) };
}

/** The names a pattern binds, in order. */
export function boundNames(bound: Pattern): readonly Extract<Pattern, { p: 'name' }>[] {
  if (bound.p === 'name') return [bound];
  const parts: readonly ({ readonly value: Pattern } | undefined)[] = bound.p === 'object' ? bound.entries : bound.elements;
  const names = parts.flatMap((part) => (part === undefined ? [] : boundNames(part.value)));
  return bound.rest === undefined ? names : [...names, ...boundNames(bound.rest)];
}

// ── decorators ────────────────────────────────────────────────────────────────────────────────────────────────────

export function decorators(source: Source, modifiers: readonly tsTypes.ModifierLike[] | undefined): readonly Decorator[] {
  if (modifiers === undefined || !modifiers.some(isDecorator)) return NONE;
  return mapNodes(source, modifiers.filter(isDecorator), decorator);
}

function decorator(source: Source, node: tsTypes.Decorator): Decorator {
  let expressed: tsTypes.Expression = node.expression;
  while (isParenthesizedExpression(expressed)) expressed = expressed.expression;
  const facts: Mutable<Decorator> = { name: '', typeArgs: NONE, at: rangeOf(source, node) };
  if (isCallExpression(expressed)) facts.args = mapNodes(source, expressed.arguments, expression);
  if (isCallExpression(expressed) || isExpressionWithTypeArguments(expressed)) {
    facts.typeArgs = typeNodes(source, expressed.typeArguments);
    expressed = expressed.expression;
  }
  facts.name = dottedName(expressed);
  return facts;
}
