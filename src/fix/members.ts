import { ts, type tsTypes } from '../facts/compiler.js';
import { sameNode } from './nodes.js';
import type { TextEdit } from './patch.js';

export type Accessor = tsTypes.GetAccessorDeclaration | tsTypes.SetAccessorDeclaration;

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

/** A member that holds or returns something, an entry of a plain type included. */
export type Member =
  | tsTypes.PropertyDeclaration
  | tsTypes.PropertySignature
  | tsTypes.ParameterDeclaration
  | tsTypes.MethodDeclaration
  | tsTypes.MethodSignature
  | tsTypes.AccessorDeclaration;

/** The member that a name declares. */
export function memberOf(name: tsTypes.Node | undefined): Member | undefined {
  const parent = name?.parent;
  if (!parent || !('name' in parent) || parent.name !== name) return undefined;
  const isMember =
    ts.isPropertyDeclaration(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isAccessor(parent) ||
    (ts.isParameter(parent) && ts.isParameterPropertyDeclaration(parent, parent.parent));
  return isMember ? parent : undefined;
}

/** The function that a member is, a property with a function in it included. */
export function functionOf(member: Member): tsTypes.SignatureDeclaration | undefined {
  if (ts.isMethodDeclaration(member) || ts.isMethodSignature(member) || ts.isGetAccessor(member)) return member;
  const init = ts.isPropertyDeclaration(member) ? member.initializer : undefined;
  return init && (ts.isArrowFunction(init) || ts.isFunctionExpression(init)) ? init : undefined;
}

/** Whether a type is that class, or one that extends it; a type made of its members is not. */
export function isInstance(type: tsTypes.Type, of: tsTypes.Node | undefined, checker: tsTypes.TypeChecker): boolean {
  const actual = checker.getApparentType(checker.getNonNullableType(type));
  if (actual.symbol?.declarations?.some((each) => sameNode(each, of))) return true;
  const declared = (actual as tsTypes.TypeReference).target ?? actual;
  return declared.isClassOrInterface() && checker.getBaseTypes(declared).some((base) => isInstance(base, of, checker));
}

export function hasModifier(node: tsTypes.Node, ...kinds: tsTypes.SyntaxKind[]): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some(({ kind }) => kinds.includes(kind)) ?? false);
}

/** Gives a field or parameter property another visibility. */
export function visibility(member: Member, name: tsTypes.Node, to: 'private' | 'protected' | ''): TextEdit[] {
  const file = name.getSourceFile().fileName;
  const modifiers = (ts.canHaveModifiers(member) && ts.getModifiers(member)) || [];
  const written = modifiers.find(({ kind }) => VISIBILITIES.has(kind));
  if (written && to !== '') return [{ file, start: written.getStart(), end: written.end, text: to }];
  if (written) return [{ file, start: written.getStart(), end: following(member, name, written).getStart(), text: '' }];
  const first = modifiers[0] ?? name;
  return to === '' ? [] : [{ file, start: first.getStart(), end: first.getStart(), text: `${to} ` }];
}

const VISIBILITIES = new Set([ts.SyntaxKind.PublicKeyword, ts.SyntaxKind.ProtectedKeyword, ts.SyntaxKind.PrivateKeyword]);

function following(member: Member, name: tsTypes.Node, modifier: tsTypes.Node): tsTypes.Node {
  const modifiers = (ts.canHaveModifiers(member) && ts.getModifiers(member)) || [];
  return modifiers[modifiers.indexOf(modifier as tsTypes.Modifier) + 1] ?? name;
}
