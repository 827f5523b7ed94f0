import { expression } from './extract-expressions.js';
import { boundNames, functionFacts, pattern } from './extract-functions.js';
import {
  afterDecorators,
  enter,
  Flag,
  type Mutable,
  mapNodes,
  modifierFlags,
  nameText,
  rangeOf,
  type Source,
  startOf,
  tagsOf,
  wordAt,
} from './extract-source.js';
import { isConstant } from './extract-statements.js';
import { heritageReference, numberOf, typeMembers, typeNode, typeParameters } from './extract-types.js';
import type {
  AliasDeclaration,
  EnumDeclaration,
  Expression,
  FunctionDeclaration,
  InterfaceDeclaration,
  Range,
  Tag,
  VariableDeclaration,
} from './facts.js';
import { ts, type tsTypes } from './parser.js';

const { idText, isFunctionDeclaration, isStringLiteralLike } = ts;

/** What surrounds a declaration. */
export interface Scope {
  readonly ambient: boolean;
  /** In an ambient namespace everything is exported, `export` or not. */
  readonly exported: boolean;
}

export const LOCAL: Scope = { ambient: false, exported: false };

type DeclarationNode = tsTypes.Node & { readonly name?: tsTypes.Node; readonly modifiers?: tsTypes.NodeArray<tsTypes.ModifierLike> };

export interface DeclarationBase {
  name: string;
  at: Range;
  span: Range;
  exported: boolean;
  ambient: boolean;
  tags: readonly Tag[];
}

export function declarationBase(source: Source, node: DeclarationNode, scope: Scope): DeclarationBase {
  const { modifiers, name } = node;
  const flags = modifierFlags(modifiers);
  const unnamed = (flags & Flag.default) !== 0 ? 'default' : '';
  return {
    name: name === undefined ? unnamed : nameText(source, name),
    at: name === undefined ? wordAt(source, afterDecorators(node, modifiers)) : rangeOf(source, name),
    span: rangeOf(source, node),
    exported: scope.exported || (flags & Flag.export) !== 0,
    ambient: scope.ambient || (flags & Flag.declare) !== 0,
    tags: tagsOf(source, node),
  };
}

export function interfaceFacts(source: Source, node: tsTypes.InterfaceDeclaration, scope: Scope): InterfaceDeclaration {
  const bases = node.heritageClauses?.flatMap((clause) => clause.types);
  return {
    kind: 'interface',
    ...declarationBase(source, node, scope),
    typeParameters: typeParameters(source, node.typeParameters),
    extends: mapNodes(source, bases, heritageReference),
    members: typeMembers(source, node.members),
  };
}

export function aliasFacts(source: Source, node: tsTypes.TypeAliasDeclaration, scope: Scope): AliasDeclaration {
  return {
    kind: 'alias',
    ...declarationBase(source, node, scope),
    typeParameters: typeParameters(source, node.typeParameters),
    type: typeNode(source, node.type),
  };
}

// ── enums ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export function enumFacts(source: Source, node: tsTypes.EnumDeclaration, scope: Scope): EnumDeclaration {
  let next: number | undefined = 0;
  const members = mapNodes(source, node.members, (_, member) => {
    const value: string | number | undefined = member.initializer === undefined ? next : constantOf(member.initializer);
    next = typeof value === 'number' ? value + 1 : undefined;
    const named = { name: nameText(source, member.name), at: rangeOf(source, member.name) };
    return value === undefined ? named : { ...named, value };
  });
  return { kind: 'enum', ...declarationBase(source, node, scope), members };
}

function constantOf(node: tsTypes.Expression): string | number | undefined {
  return isStringLiteralLike(node) ? node.text : numberOf(node);
}

// ── functions ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** End of the run of signatures that starts at `index`, with the implementation if one follows. */
export function overloadsEnd(source: Source, nodes: readonly tsTypes.Statement[], index: number): number {
  const name = functionName(source, nodes[index]);
  let end = index + 1;
  while (isSignature(nodes[end - 1]) && functionName(source, nodes[end]) === name) end++;
  return end;
}

function isSignature(node: tsTypes.Statement | undefined): boolean {
  return node !== undefined && isFunctionDeclaration(node) && node.body === undefined;
}

function functionName(source: Source, node: tsTypes.Statement | undefined): string | undefined {
  if (node === undefined || !isFunctionDeclaration(node)) return undefined;
  return node.name === undefined ? '' : nameText(source, node.name);
}

/** One declaration of a function's overload signatures and its implementation. */
export function functionDeclaration(source: Source, nodes: readonly tsTypes.FunctionDeclaration[], scope: Scope): FunctionDeclaration {
  const [first, last] = [nodes[0], nodes.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a function has at least one declaration');
  const shown = last.body === undefined ? first : last;
  const base = declarationBase(source, shown, scope);
  if (nodes.length > 1) {
    base.span = [startOf(source, first), last.end];
    base.tags = nodes.flatMap((node) => tagsOf(source, node));
  }
  return { kind: 'function', ...base, fn: functionFacts(source, shown) };
}

// ── variables ─────────────────────────────────────────────────────────────────────────────────────────────────────

export function variableFacts(source: Source, node: tsTypes.VariableStatement, scope: Scope): readonly VariableDeclaration[] {
  const { declarations } = node.declarationList;
  const shared = declarationBase(source, node, scope);
  const constant = isConstant(node.declarationList);
  return declarations.flatMap((declaration) => {
    const own = tagsOf(source, declaration);
    const base: DeclarationBase = {
      ...shared,
      span: declarations.length === 1 ? shared.span : rangeOf(source, declaration),
      tags: own.length === 0 ? shared.tags : [...shared.tags, ...own],
    };
    return declaredVariables(source, declaration, base, constant);
  });
}

function declaredVariables(
  source: Source,
  node: tsTypes.VariableDeclaration,
  base: DeclarationBase,
  constant: boolean,
): readonly VariableDeclaration[] {
  const bound = pattern(source, node.name);
  const parts: Partial<Pick<Mutable<VariableDeclaration>, 'type' | 'init' | 'pattern'>> = {};
  if (node.type !== undefined) parts.type = typeNode(source, node.type);
  if (node.initializer !== undefined) parts.init = expression(source, node.initializer);
  if (bound.p !== 'name') parts.pattern = bound;
  return boundNames(bound).map(({ name, at }) => ({ kind: 'variable', ...base, name, at, constant, ...parts }));
}

/** `import x = A.B`: a variable whose value is the member. */
export function aliasVariable(
  source: Source,
  node: tsTypes.ImportEqualsDeclaration,
  value: tsTypes.EntityName,
  scope: Scope,
): VariableDeclaration {
  return { kind: 'variable', ...declarationBase(source, node, scope), constant: true, init: entityExpression(source, value) };
}

/** An entity name as the expression it reads like. */
function entityExpression(source: Source, node: tsTypes.EntityName): Expression {
  if (!('left' in node)) return { e: 'name', name: idText(node), at: rangeOf(source, node) };
  enter(source);
  const of = entityExpression(source, node.left);
  source.depth--;
  return { e: 'member', of, name: idText(node.right), nameAt: rangeOf(source, node.right), at: [of.at[0], node.end] };
}

/** `export default f()`: a variable nobody can name. */
export function defaultVariable(source: Source, node: tsTypes.ExportAssignment): VariableDeclaration {
  return {
    kind: 'variable',
    ...declarationBase(source, node, LOCAL),
    name: 'default',
    exported: true,
    constant: true,
    init: expression(source, node.expression),
  };
}
