import { ts, type tsTypes } from '../../facts/compiler.js';
import { reachedFrom } from '../import-graph.js';
import type { Following } from './following.js';
import { keyOf, namesOf } from './symbols.js';

/**
 * Uses that no reference leads to, and that the compiler would not miss: what is read of something without a type, of another
 * message that a handler only says it takes, and what a spread brings along under the old name.
 */
export function overlooked(field: tsTypes.Node, following: Following): void {
  const { workspace } = following;
  const reached = reachedFrom([field.getSourceFile().fileName], workspace.importersOf);
  const sources = [...reached].flatMap((file) => workspace.sourceFile(file) ?? []);
  const owner = ts.findAncestor(field, (node) => ts.isClassLike(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node));
  const name = owner && ts.getNameOfDeclaration(owner as tsTypes.Declaration)?.getText();
  for (const source of sources)
    if (source.text.includes(field.getText()) && (name === undefined || source.text.includes(name))) reads(source, field, following);
  for (let known = -1; known !== following.slots.size; ) {
    known = following.slots.size;
    for (const source of sources) if (source.text.includes('...')) spreads(source, following);
  }
}

function reads(source: tsTypes.SourceFile, field: tsTypes.Node, following: Following): void {
  const checker = following.checker(source);
  const name = field.getText();
  const visit = (node: tsTypes.Node): void => {
    const of = ts.isPropertyAccessExpression(node) && node.name.text === name ? node.expression : undefined;
    const pattern = ts.isBindingElement(node) && (node.propertyName ?? node.name).getText() === name ? node.parent : undefined;
    const receiver = of ?? pattern;
    if (receiver && !isOutside(receiver, checker)) {
      const type = checker.getTypeAtLocation(receiver);
      if (type.flags & ts.TypeFlags.Any)
        following.stop({ what: 'other', why: `${name} is read of something without a type`, at: receiver });
      else if (isRegisteredBeside(receiver, type, field, checker))
        following.stop({ what: 'other', why: `${name} is read of what may be another message than its type says`, at: receiver });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

/** What a framework brings along, or a library that is not installed, is none of the model's. */
function isOutside(node: tsTypes.Node, checker: tsTypes.TypeChecker): boolean {
  let root = node;
  while (ts.isPropertyAccessExpression(root) || ts.isCallExpression(root)) root = root.expression;
  if (/^(?:req|request|res|response|ctx|context)$/.test(root.getText())) return true;
  const symbol = checker.getSymbolAtLocation(root);
  return symbol?.declarations?.some((d) => ts.isImportSpecifier(d) || ts.isImportClause(d) || ts.isNamespaceImport(d)) ?? false;
}

/** `register(handler, OrderPlaced.name)` in a class whose handler takes another message with a field of that name. */
function isRegisteredBeside(
  receiver: tsTypes.Node,
  type: tsTypes.Type,
  field: tsTypes.Node,
  checker: tsTypes.TypeChecker,
): boolean {
  const owner = ts.findAncestor(field, ts.isClassLike)?.name;
  if (!owner || type.symbol === undefined || namesOf(type.symbol, checker).some((d) => keyOf(d) === keyOf(owner))) return false;
  const handled = ts.isIdentifier(receiver) && checker.getSymbolAtLocation(receiver)?.valueDeclaration;
  if (!handled || !ts.isParameter(handled) || !type.isClass()) return false;
  const mentions = (node: tsTypes.Node): boolean =>
    (ts.isIdentifier(node) &&
      node.text === owner.text &&
      ts.isExpression(node) &&
      !ts.isNewExpression(node.parent) &&
      !ts.isImportSpecifier(node.parent)) ||
    ts.forEachChild(node, mentions) === true;
  const around = ts.findAncestor(receiver, ts.isClassLike);
  return around !== undefined && mentions(around);
}

/** `{ ...props, status }` where a field of that name is expected: what is spread has to follow. */
function spreads(source: tsTypes.SourceFile, following: Following): void {
  const checker = following.checker(source);
  const visit = (node: tsTypes.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isObjectLiteralExpression(node) || !node.properties.some(ts.isSpreadAssignment)) return;
    const wanted = checker.getContextualType(node);
    if (!wanted) return;
    for (const property of checker.getPropertiesOfType(checker.getNonNullableType(wanted))) {
      if (!namesOf(property, checker).some((d) => following.slots.has(keyOf(d)))) continue;
      for (const spread of node.properties) if (ts.isSpreadAssignment(spread)) spreadOf(spread, property.name, following);
    }
  };
  visit(source);
}

function spreadOf({ expression }: tsTypes.SpreadAssignment, name: string, following: Following): void {
  const checker = following.checker(expression);
  const property = checker.getPropertyOfType(checker.getNonNullableType(checker.getTypeAtLocation(expression)), name);
  for (const declaration of namesOf(property, checker)) if (!following.slots.has(keyOf(declaration))) following.member(declaration);
}
