import { declarationBase, LOCAL, type Scope } from './extract-declarations.js';
import { expression } from './extract-expressions.js';
import { decorators, functionFacts, visibilityOf } from './extract-functions.js';
import {
  afterModifiers,
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
  wordAt,
} from './extract-source.js';
import { statements } from './extract-statements.js';
import { heritageReference, indexFacts, typeNode, typeNodes, typeParameters } from './extract-types.js';
import type { ClassDeclaration, ClassMember, Heritage, PropertyMember, Range } from './facts.js';
import { ts, type tsTypes } from './parser.js';

const { SyntaxKind, isClassStaticBlockDeclaration, isConstructorDeclaration, isGetAccessorDeclaration, isIndexSignatureDeclaration } = ts;
const { isMethodDeclaration, isPrivateIdentifier, isPropertyDeclaration, isSetAccessorDeclaration } = ts;
const { ExtendsKeyword } = SyntaxKind;

type Overloaded = tsTypes.MethodDeclaration | tsTypes.ConstructorDeclaration;

export function classFacts(source: Source, node: tsTypes.ClassLikeDeclaration, scope: Scope = LOCAL): ClassDeclaration {
  const facts: Mutable<ClassDeclaration> = {
    kind: 'class',
    ...declarationBase(source, node, scope),
    abstract: (modifierFlags(node.modifiers) & Flag.abstract) !== 0,
    typeParameters: typeParameters(source, node.typeParameters),
    implements: NONE,
    decorators: decorators(source, node.modifiers),
    members: NONE,
  };
  for (const clause of node.heritageClauses ?? NONE) {
    const base = clause.types[0];
    if (clause.token !== ExtendsKeyword) facts.implements = mapNodes(source, clause.types, heritageReference);
    else if (base !== undefined) facts.extends = heritage(source, base);
  }
  facts.members = members(source, node.members);
  return facts;
}

function heritage(source: Source, node: tsTypes.ExpressionWithTypeArguments): Heritage {
  return { expression: expression(source, node.expression), args: typeNodes(source, node.typeArguments), at: rangeOf(source, node) };
}

function members(source: Source, nodes: readonly tsTypes.ClassElement[]): readonly ClassMember[] {
  const result: ClassMember[] = [];
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined) continue;
    if (isMethodDeclaration(node) || isConstructorDeclaration(node)) {
      const end = overloadsEnd(source, nodes, index);
      result.push(overloadedMember(source, nodes.slice(index, end) as Overloaded[], node));
      index = end - 1;
    } else {
      const facts = member(source, node);
      if (facts !== undefined) result.push(facts);
    }
  }
  return result;
}

function member(source: Source, node: tsTypes.ClassElement): ClassMember | undefined {
  if (isPropertyDeclaration(node)) return propertyMember(source, node);
  if (isGetAccessorDeclaration(node)) return { kind: 'get', ...namedBase(source, node, node.name), fn: functionFacts(source, node) };
  if (isSetAccessorDeclaration(node)) return { kind: 'set', ...namedBase(source, node, node.name), fn: functionFacts(source, node) };
  if (isIndexSignatureDeclaration(node)) {
    const { name, at, computed, key, type } = indexFacts(source, node);
    return { kind: 'index', ...memberBase(source, node, node.modifiers, name, at), computed, key, type };
  }
  if (!isClassStaticBlockDeclaration(node)) return undefined;
  const base = memberBase(source, node, undefined, 'static', wordAt(source, node.pos));
  return { kind: 'static-block', ...base, static: true, body: statements(source, node.body.statements) };
}

function propertyMember(source: Source, node: tsTypes.PropertyDeclaration): ClassMember {
  const flags = modifierFlags(node.modifiers);
  const facts: Mutable<PropertyMember> = {
    kind: 'property',
    ...namedBase(source, node, node.name),
    readonly: (flags & Flag.readonly) !== 0,
    optional: node.questionToken !== undefined,
    declare: (flags & Flag.declare) !== 0,
  };
  if (node.type !== undefined) facts.type = typeNode(source, node.type);
  if (node.initializer !== undefined) facts.init = expression(source, node.initializer);
  return facts;
}

// ── methods ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** End of the run of signatures that starts at `index`, with the implementation if one follows. */
function overloadsEnd(source: Source, nodes: readonly tsTypes.ClassElement[], index: number): number {
  const first = nodes[index];
  let end = index + 1;
  for (let last = first; end < nodes.length && (last as Overloaded).body === undefined; end++) {
    last = nodes[end];
    if (first === undefined || last === undefined || !isSameMethod(source, first, last)) break;
  }
  return end;
}

function isSameMethod(source: Source, one: tsTypes.ClassElement, other: tsTypes.ClassElement): boolean {
  if (isConstructorDeclaration(one)) return isConstructorDeclaration(other);
  if (!isMethodDeclaration(one) || !isMethodDeclaration(other)) return false;
  const isStatic = (node: tsTypes.MethodDeclaration) => modifierFlags(node.modifiers) & Flag.static;
  return isStatic(one) === isStatic(other) && nameText(source, one.name) === nameText(source, other.name);
}

function overloadedMember(source: Source, nodes: readonly Overloaded[], first: Overloaded): ClassMember {
  const last = nodes.at(-1) ?? first;
  const isImplemented = last.body !== undefined;
  const overloads = nodes.length === 1 ? NONE : mapNodes(source, isImplemented ? nodes.slice(0, -1) : nodes, functionFacts);
  const fn = isImplemented ? functionFacts(source, last) : (overloads[0] ?? functionFacts(source, last));
  const shown = last.body === undefined ? first : last;
  const span: Range = [rangeOf(source, first)[0], last.end];
  const tags = nodes.length === 1 ? tagsOf(source, first) : nodes.flatMap((node) => tagsOf(source, node));
  if (isConstructorDeclaration(shown)) {
    const at = wordAt(source, afterModifiers(shown, shown.modifiers));
    return { kind: 'constructor', ...memberBase(source, shown, shown.modifiers, 'constructor', at), span, tags, overloads, fn };
  }
  return {
    kind: 'method',
    ...namedBase(source, shown, shown.name),
    span,
    tags,
    optional: shown.questionToken !== undefined,
    overloads,
    fn,
  };
}

// ── what members have in common ───────────────────────────────────────────────────────────────────────────────────

type NamedMember = tsTypes.PropertyDeclaration | tsTypes.MethodDeclaration | tsTypes.AccessorDeclaration;

function namedBase(source: Source, node: NamedMember, name: tsTypes.PropertyName) {
  const base = memberBase(source, node, node.modifiers, nameText(source, name), rangeOf(source, name));
  if (isPrivateIdentifier(name)) base.visibility = 'private';
  base.computed = isComputed(name);
  return base;
}

function memberBase(source: Source, node: tsTypes.Node, modifiers: readonly tsTypes.ModifierLike[] | undefined, name: string, at: Range) {
  const flags = modifierFlags(modifiers);
  return {
    name,
    at,
    span: rangeOf(source, node),
    visibility: visibilityOf(flags),
    static: (flags & Flag.static) !== 0,
    abstract: (flags & Flag.abstract) !== 0,
    computed: false,
    decorators: decorators(source, modifiers),
    tags: tagsOf(source, node),
  };
}
