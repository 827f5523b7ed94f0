import { ts, type tsTypes } from '../../facts/compiler.js';
import { isWrite } from '../uses.js';
import type { Following } from './following.js';
import { localUse, PLAIN } from './locals.js';
import { identityName } from './names.js';
import { bound } from './patterns.js';
import { shorthand } from './shorthand.js';
import { keyOf, localUses, shapeOf } from './symbols.js';

/** A field, property, accessor or method becomes one of the identity: every declaration of it, and every use. */
export function member(name: tsTypes.Node, following: Following): void {
  if (following.slots.has(keyOf(name))) return;
  const uses = following.workspace.references(name);
  const checker = following.checker(name);
  const type = checker.getTypeAtLocation(name);
  const value = type.getCallSignatures()[0]?.getReturnType() ?? type;
  const renamed = identityName(name.getText(), shapeOf(value, checker) !== 'one');
  const declarations = uses.filter((use) => isDeclared(use));
  for (const declaration of [name, ...declarations]) following.begin(declaration, renamed);
  for (const declaration of declarations) {
    if (isForeign(declaration, following)) {
      following.stop({ what: 'other', why: `${declaration.getText()} is declared outside the project`, at: declaration });
      return;
    }
    if (hasNeighbour(declaration, renamed, following))
      following.stop({ what: 'other', why: `there is a ${renamed} already`, at: declaration });
  }
  for (const use of uses) {
    if (isDeclared(use)) declared(use, renamed, following);
    else if (isDocumentation(use)) following.rename(use, renamed);
    else used(use, renamed, following);
  }
}

function isForeign(node: tsTypes.Node, { workspace }: Following): boolean {
  return !workspace.isOwn(node.getSourceFile().fileName);
}

function isDeclared(name: tsTypes.Node): boolean {
  const { parent } = name;
  return (
    (ts.isPropertyDeclaration(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isAccessor(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isParameter(parent)) &&
    parent.name === name
  );
}

function isDocumentation(node: tsTypes.Node): boolean {
  return ts.findAncestor(node, (each) => ts.isJSDoc(each)) !== undefined;
}

/** A member of that name in the same class or type. */
function hasNeighbour(name: tsTypes.Node, renamed: string, following: Following): boolean {
  const owner = ts.isParameter(name.parent) ? name.parent.parent.parent : name.parent.parent;
  const checker = following.checker(name);
  const found = ts.isTypeNode(owner)
    ? checker.getTypeFromTypeNode(owner)
    : ts.isClassLike(owner) || ts.isInterfaceDeclaration(owner)
      ? checker.getTypeAtLocation(owner)
      : undefined;
  return found !== undefined && checker.getPropertyOfType(found, renamed) !== undefined;
}

function declared(name: tsTypes.Node, renamed: string, following: Following): void {
  const { parent } = name;
  following.rename(name, renamed);
  const [decorator] = ts.canHaveDecorators(parent) ? (ts.getDecorators(parent) ?? []) : [];
  if (decorator)
    following.stop({ what: 'other', why: `the decorator ${decorator.getText().split('(')[0]} speaks of the object`, at: decorator });
  if (ts.isSetAccessor(parent)) {
    for (const parameter of parent.parameters) following.parameter(parameter);
  } else if (ts.isGetAccessor(parent) || ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent)) {
    if (parent.parameters.length > 0) following.stop({ what: 'whole', at: name });
    if (parent.type) following.retype(parent.type);
    if (!ts.isMethodSignature(parent) && parent.body) returnsOf(parent.body, following);
  } else if (ts.isPropertyDeclaration(parent) || ts.isPropertySignature(parent) || ts.isParameter(parent)) {
    if (parent.type) following.retype(parent.type);
    if ('initializer' in parent && parent.initializer) following.source(parent.initializer);
    else if (!parent.type) following.stop({ what: 'other', why: `the type of ${name.getText()} is not written`, at: name });
    if (ts.isParameter(parent)) parameterProperty(parent, name, renamed, following);
  }
}

/** A parameter property is a parameter as well: what is given to the constructor, and what the constructor does with it. */
function parameterProperty(parameter: tsTypes.ParameterDeclaration, name: tsTypes.Node, renamed: string, following: Following): void {
  if (ts.isIdentifier(name)) for (const use of localUses(name, following.checker(name))) localUse(use, renamed, following);
  following.parameter(parameter);
}

function returnsOf(body: tsTypes.Node, following: Following): void {
  const visit = (node: tsTypes.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) following.source(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
}

function used(name: tsTypes.Node, renamed: string, following: Following): void {
  const { parent } = name;
  if (ts.isPropertyAssignment(parent) && parent.name === name) {
    following.rename(name, renamed);
    following.source(parent.initializer);
  } else if (ts.isShorthandPropertyAssignment(parent)) {
    following.source(parent.name);
    shorthand(parent, following);
  } else if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) bound(parent, renamed, following);
  else if (ts.isPropertyAccessExpression(parent) && parent.name === name) {
    following.rename(name, renamed);
    accessed(parent, name, following);
  } else if (ts.isElementAccessExpression(parent) && ts.isStringLiteral(name)) {
    following.edit(name, name.getStart() + 1, name.end - 1, renamed);
    accessed(parent, name, following);
  } else if (ts.isIdentifier(name) && isVariableUse(name)) localUse(name, renamed, following);
  else following.stop({ what: 'other', why: `${name.getText()} is spoken of by name`, at: name });
}

function isVariableUse(name: tsTypes.Identifier): boolean {
  return ts.isExpression(name) && !ts.isTypeNode(name.parent);
}

function accessed(
  access: tsTypes.PropertyAccessExpression | tsTypes.ElementAccessExpression,
  name: tsTypes.Node,
  following: Following,
): void {
  const type = following.checker(name).getTypeAtLocation(name);
  const isMethod =
    type.getCallSignatures().length > 0 && following.checker(name).getPropertyOfType(type, following.target.accessor.name) === undefined;
  if (isMethod) {
    if (ts.isCallExpression(access.parent) && access.parent.expression === access) following.use(access.parent);
    else following.stop({ what: 'whole', at: access });
    return;
  }
  if (!isWrite(name)) {
    following.use(access);
    return;
  }
  const { parent } = access;
  if (ts.isBinaryExpression(parent) && parent.left === access && PLAIN.has(parent.operatorToken.kind)) {
    following.source(parent.right);
    if (!ts.isExpressionStatement(parent.parent)) following.use(parent);
  } else if (!ts.isDeleteExpression(parent)) following.stop({ what: 'other', why: 'it is assigned in passing', at: access });
}
