import { ts, type tsTypes } from '../../facts/compiler.js';

/** The same for a place in whatever program it is met. */
export function keyOf(node: tsTypes.Node): string {
  return `${node.getSourceFile().fileName}:${node.getStart()}`;
}

/** Where the name that an expression or a property's name means is declared. */
export function declaredAt(name: tsTypes.Node, checker: tsTypes.TypeChecker): readonly tsTypes.Node[] {
  const found =
    ts.isShorthandPropertyAssignment(name.parent) && name.parent.name === name
      ? checker.getShorthandAssignmentValueSymbol(name.parent)
      : checker.getSymbolAtLocation(name);
  return namesOf(found, checker);
}

export function namesOf(symbol: tsTypes.Symbol | undefined, checker: tsTypes.TypeChecker): readonly tsTypes.Node[] {
  if (!symbol) return [];
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.declarations ?? []).map((d) => ts.getNameOfDeclaration(d) ?? d);
}

/** A property of the type itself, whatever `null` and `undefined` stand beside it. */
export function propertyNamed(type: tsTypes.Type, name: string, checker: tsTypes.TypeChecker): tsTypes.Symbol | undefined {
  const symbol = checker.getPropertyOfType(checker.getNonNullableType(type), name);
  const hidden = symbol?.declarations?.some(
    (d) => ts.getCombinedModifierFlags(d) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected),
  );
  return hidden ? undefined : symbol;
}

/** How a value of this type carries what it carries. */
export function shapeOf(type: tsTypes.Type, checker: tsTypes.TypeChecker): 'one' | 'array' | 'set' | 'map' {
  const solid = checker.getNonNullableType(type);
  if (checker.isArrayType(solid) || checker.isTupleType(solid)) return 'array';
  const name = solid.symbol?.name ?? '';
  if (/^(?:Readonly)?Set$/.test(name)) return 'set';
  if (/^(?:Readonly)?Map$/.test(name)) return 'map';
  return /^(?:.*Iterator|Iterable|.*IteratorObject|Generator)$/.test(name) ? 'array' : 'one';
}

export function admits(type: tsTypes.Type | undefined, flags: tsTypes.TypeFlags): boolean {
  if (!type) return false;
  return ((type.isUnion() ? type.types : [type]) as readonly tsTypes.Type[]).some((t) => (t.flags & flags) !== 0);
}

/** All places in the file that mean this local variable or parameter, its declaration aside. */
export function localUses(name: tsTypes.Identifier, checker: tsTypes.TypeChecker): readonly tsTypes.Identifier[] {
  const own = keyOf(name);
  const found: tsTypes.Identifier[] = [];
  const visit = (node: tsTypes.Node): void => {
    if (ts.isIdentifier(node) && node.text === name.text && node !== name && !isOnlyName(node)) {
      if (declaredAt(node, checker).some((d) => keyOf(d) === own)) found.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(name.getSourceFile());
  return found;
}

/** A name of a member, where no variable can stand. */
export function isOnlyName(node: tsTypes.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isAccessor(parent)) &&
    parent.name === node
  );
}

/** The function whose parameter or variable a name is; the file for one at the top. */
export function scopeOf(name: tsTypes.Node): tsTypes.Node {
  return ts.findAncestor(name.parent, ts.isFunctionLike) ?? name.getSourceFile();
}

/** Whether a variable, parameter or import of this name is known there. */
export function isTaken(name: string, scope: tsTypes.Node): boolean {
  const mentions = (node: tsTypes.Node): boolean =>
    (ts.isIdentifier(node) && node.text === name && !isOnlyName(node)) || ts.forEachChild(node, mentions) === true;
  return mentions(scope);
}

/** Without parentheses and `!`. */
export function bare(node: tsTypes.Expression): tsTypes.Expression {
  return ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) ? bare(node.expression) : node;
}
