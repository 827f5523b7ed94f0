import { ts, type tsTypes } from '../facts/compiler.js';
import { sameNode } from './nodes.js';
import type { TextEdit } from './patch.js';

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

/** The class around a node, a parameter property's included. */
export function classOf(node: tsTypes.Node): tsTypes.ClassLikeDeclaration | undefined {
  return ts.findAncestor(node, ts.isClassLike);
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
