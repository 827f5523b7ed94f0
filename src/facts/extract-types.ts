import { functionFacts } from './extract-functions.js';
import {
  dispatch,
  dottedName,
  enter,
  Flag,
  isComputed,
  type Mutable,
  mapNodes,
  modifierFlags,
  NONE,
  nameText,
  rangeOf,
  type Source,
  tagsOf,
} from './extract-source.js';
import type { TypeMember, TypeNode, TypeParameter, TypeReference } from './facts.js';
import { ts, type tsTypes } from './parser.js';

const { SyntaxKind, idText, isIdentifier, isLiteralTypeNode, isNumericLiteral, isPrefixUnaryExpression, isStringLiteralLike } = ts;
const { isCallSignatureDeclaration, isConstructSignatureDeclaration, isGetAccessorDeclaration, isIndexSignatureDeclaration } = ts;
const { isMethodSignature, isPropertySignature, isSetAccessorDeclaration } = ts;
const { NullKeyword, TrueKeyword, FalseKeyword, MinusToken, ReadonlyKeyword, KeyOfKeyword } = SyntaxKind;

type Convert = (source: Source, node: never) => TypeNode;

export const OTHER_TYPE: TypeNode = { t: 'other' };
export const BOOLEAN_TYPE = keyword('boolean');
const NULL_TYPE = keyword('null');
const SYMBOL_TYPE = keyword('symbol');

export function typeNode(source: Source, node: tsTypes.TypeNode): TypeNode {
  const shared = KEYWORDS[node.kind];
  if (shared !== undefined) return shared;
  const convert = CONVERTERS[node.kind];
  if (convert === undefined) return OTHER_TYPE;
  enter(source);
  const type = convert(source, node as never);
  source.depth--;
  return type;
}

const KEYWORDS = dispatch<TypeNode>([
  [SyntaxKind.StringKeyword, keyword('string')],
  [SyntaxKind.NumberKeyword, keyword('number')],
  [SyntaxKind.BooleanKeyword, BOOLEAN_TYPE],
  [SyntaxKind.BigIntKeyword, keyword('bigint')],
  [SyntaxKind.SymbolKeyword, SYMBOL_TYPE],
  [SyntaxKind.AnyKeyword, keyword('any')],
  [SyntaxKind.UnknownKeyword, keyword('unknown')],
  [SyntaxKind.NeverKeyword, keyword('never')],
  [SyntaxKind.VoidKeyword, keyword('void')],
  [SyntaxKind.UndefinedKeyword, keyword('undefined')],
  [SyntaxKind.ObjectKeyword, keyword('object')],
  [SyntaxKind.ThisType, keyword('this')],
  // A predicate's parameter and type go to `FunctionFacts.predicate`.
  [SyntaxKind.TypePredicate, BOOLEAN_TYPE],
]);

const CONVERTERS = dispatch<Convert>([
  [SyntaxKind.TypeReference, typeReference],
  [SyntaxKind.ExpressionWithTypeArguments, heritageReference],
  [SyntaxKind.LiteralType, literalType],
  [SyntaxKind.ArrayType, (source, node: tsTypes.ArrayTypeNode) => ({ t: 'array', of: typeNode(source, node.elementType) })],
  [SyntaxKind.TupleType, (source, node: tsTypes.TupleTypeNode) => ({ t: 'tuple', of: typeNodes(source, node.elements) })],
  [SyntaxKind.UnionType, (source, node: tsTypes.UnionTypeNode) => ({ t: 'union', of: typeNodes(source, node.types) })],
  [SyntaxKind.IntersectionType, (source, node: tsTypes.IntersectionTypeNode) => ({ t: 'intersection', of: typeNodes(source, node.types) })],
  [SyntaxKind.TypeLiteral, objectType],
  [SyntaxKind.FunctionType, functionType],
  [SyntaxKind.ConstructorType, functionType],
  [SyntaxKind.TypeOperator, operatorType],
  [SyntaxKind.IndexedAccessType, indexedType],
  [SyntaxKind.TypeQuery, queryType],
  [SyntaxKind.MappedType, mappedType],
  [SyntaxKind.ConditionalType, conditionalType],
  [SyntaxKind.InferType, (_source, node: tsTypes.InferTypeNode) => ({ t: 'infer', name: idText(node.typeParameter.name) })],
  [SyntaxKind.ImportType, importType],
  [SyntaxKind.ParenthesizedType, (source, node: tsTypes.ParenthesizedTypeNode) => typeNode(source, node.type)],
  [SyntaxKind.OptionalType, (source, node: tsTypes.OptionalTypeNode) => typeNode(source, node.type)],
  [SyntaxKind.RestType, (source, node: tsTypes.RestTypeNode) => typeNode(source, node.type)],
  [SyntaxKind.NamedTupleMember, (source, node: tsTypes.NamedTupleMember) => typeNode(source, node.type)],
]);

export function typeNodes(source: Source, nodes: readonly tsTypes.TypeNode[] | undefined): readonly TypeNode[] {
  return mapNodes(source, nodes, typeNode);
}

function typeReference(source: Source, node: tsTypes.TypeReferenceNode): TypeReference {
  return { t: 'ref', name: dottedName(node.typeName), args: typeNodes(source, node.typeArguments), at: rangeOf(source, node) };
}

/** `lib.Base<T>` behind `implements` or behind an interface's `extends`. */
export function heritageReference(source: Source, node: tsTypes.ExpressionWithTypeArguments): TypeReference {
  return { t: 'ref', name: dottedName(node.expression), args: typeNodes(source, node.typeArguments), at: rangeOf(source, node) };
}

function literalType(_source: Source, node: tsTypes.LiteralTypeNode): TypeNode {
  const { literal } = node;
  if (literal.kind === NullKeyword) return NULL_TYPE;
  if (literal.kind === TrueKeyword) return { t: 'literal', value: true };
  if (literal.kind === FalseKeyword) return { t: 'literal', value: false };
  if (isStringLiteralLike(literal)) return { t: 'literal', value: literal.text };
  const value = numberOf(literal);
  return value === undefined ? OTHER_TYPE : { t: 'literal', value };
}

/** The value of a number written out, with or without a minus; one too large for JSON is none. */
export function numberOf(node: tsTypes.Expression): number | undefined {
  if (isPrefixUnaryExpression(node) && node.operator === MinusToken && isNumericLiteral(node.operand))
    return finite(0 - Number(node.operand.text));
  return isNumericLiteral(node) ? finite(Number(node.text)) : undefined;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function objectType(source: Source, node: tsTypes.TypeLiteralNode): TypeNode {
  return { t: 'object', members: typeMembers(source, node.members), at: rangeOf(source, node) };
}

function functionType(source: Source, node: tsTypes.FunctionTypeNode | tsTypes.ConstructorTypeNode): TypeNode {
  return { t: 'function', fn: functionFacts(source, node), constructs: node.kind === SyntaxKind.ConstructorType };
}

function operatorType(source: Source, node: tsTypes.TypeOperatorNode): TypeNode {
  if (node.operator === ReadonlyKeyword) return { t: 'readonly', of: typeNode(source, node.type) };
  if (node.operator === KeyOfKeyword) return { t: 'keyof', of: typeNode(source, node.type) };
  return SYMBOL_TYPE;
}

function indexedType(source: Source, node: tsTypes.IndexedAccessTypeNode): TypeNode {
  return { t: 'indexed', of: typeNode(source, node.objectType), by: typeNode(source, node.indexType) };
}

function queryType(source: Source, node: tsTypes.TypeQueryNode): TypeNode {
  return { t: 'typeof', name: dottedName(node.exprName), at: rangeOf(source, node) };
}

function mappedType(source: Source, node: tsTypes.MappedTypeNode): TypeNode {
  const { constraint, name } = node.typeParameter;
  const type: Mutable<Extract<TypeNode, { t: 'mapped' }>> = {
    t: 'mapped',
    parameter: idText(name),
    over: constraint === undefined ? OTHER_TYPE : typeNode(source, constraint),
    readonly: node.readonlyToken !== undefined && node.readonlyToken.kind !== MinusToken,
    at: rangeOf(source, node),
  };
  if (node.nameType !== undefined) type.as = typeNode(source, node.nameType);
  if (node.type !== undefined) type.to = typeNode(source, node.type);
  return type;
}

function conditionalType(source: Source, node: tsTypes.ConditionalTypeNode): TypeNode {
  return {
    t: 'conditional',
    check: typeNode(source, node.checkType),
    extends: typeNode(source, node.extendsType),
    yes: typeNode(source, node.trueType),
    no: typeNode(source, node.falseType),
  };
}

function importType(source: Source, node: tsTypes.ImportTypeNode): TypeNode {
  const { argument, qualifier } = node;
  const from = isLiteralTypeNode(argument) && isStringLiteralLike(argument.literal) ? argument.literal.text : '';
  const name = qualifier === undefined ? '' : dottedName(qualifier);
  return { t: 'import', from, name, args: typeNodes(source, node.typeArguments), at: rangeOf(source, node) };
}

// ── members and parameters ────────────────────────────────────────────────────────────────────────────────────────

export function typeMembers(source: Source, nodes: readonly tsTypes.TypeElement[]): readonly TypeMember[] {
  const members: TypeMember[] = [];
  for (const node of nodes) {
    const member = typeMember(source, node);
    if (member !== undefined) members.push(member);
  }
  return members;
}

function typeMember(source: Source, node: tsTypes.TypeElement): TypeMember | undefined {
  if (isPropertySignature(node)) return propertySignature(source, node);
  if (isMethodSignature(node)) {
    return { kind: 'method', ...named(source, node.name), optional: node.questionToken !== undefined, fn: functionFacts(source, node) };
  }
  if (isGetAccessorDeclaration(node)) return { kind: 'get', ...named(source, node.name), fn: functionFacts(source, node) };
  if (isSetAccessorDeclaration(node)) return { kind: 'set', ...named(source, node.name), fn: functionFacts(source, node) };
  if (isCallSignatureDeclaration(node)) return bareSignature(source, node, '()');
  if (isConstructSignatureDeclaration(node)) return bareSignature(source, node, 'new');
  return isIndexSignatureDeclaration(node) ? { kind: 'index', ...indexFacts(source, node) } : undefined;
}

function propertySignature(source: Source, node: tsTypes.PropertySignature): TypeMember {
  const member: Mutable<Extract<TypeMember, { kind: 'property' }>> = {
    kind: 'property',
    name: nameText(source, node.name),
    at: rangeOf(source, node.name),
    computed: isComputed(node.name),
    optional: node.questionToken !== undefined,
    readonly: (modifierFlags(node.modifiers) & Flag.readonly) !== 0,
    tags: tagsOf(source, node),
  };
  if (node.type !== undefined) member.type = typeNode(source, node.type);
  return member;
}

function bareSignature(source: Source, node: tsTypes.SignatureDeclaration, name: string): TypeMember {
  return { kind: 'method', name, at: rangeOf(source, node), computed: false, optional: false, fn: functionFacts(source, node) };
}

function named(source: Source, name: tsTypes.PropertyName) {
  return { name: nameText(source, name), at: rangeOf(source, name), computed: isComputed(name) };
}

/** What the index signatures of classes and of types have in common. */
export function indexFacts(source: Source, node: tsTypes.IndexSignatureDeclaration) {
  const parameter = node.parameters[0];
  return {
    name: parameter !== undefined && isIdentifier(parameter.name) ? `[${idText(parameter.name)}]` : '[]',
    at: rangeOf(source, parameter ?? node),
    computed: true,
    key: parameter?.type === undefined ? OTHER_TYPE : typeNode(source, parameter.type),
    type: node.type === undefined ? OTHER_TYPE : typeNode(source, node.type),
    readonly: (modifierFlags(node.modifiers) & Flag.readonly) !== 0,
  };
}

export function typeParameters(source: Source, nodes: readonly tsTypes.TypeParameterDeclaration[] | undefined): readonly TypeParameter[] {
  return nodes === undefined ? NONE : mapNodes(source, nodes, typeParameter);
}

function typeParameter(source: Source, node: tsTypes.TypeParameterDeclaration): TypeParameter {
  const parameter: Mutable<TypeParameter> = { name: idText(node.name) };
  if (node.constraint !== undefined) parameter.constraint = typeNode(source, node.constraint);
  if (node.default !== undefined) parameter.default = typeNode(source, node.default);
  return parameter;
}

function keyword(name: string): TypeNode {
  return Object.freeze({ t: 'keyword', name });
}
