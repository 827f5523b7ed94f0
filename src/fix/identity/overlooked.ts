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
  const owner = ts.findAncestor(
    field,
    (node) => ts.isClassLike(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node),
  );
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
      else if (isRegisteredBeside(receiver, type, name, following))
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

/**
 * `register(handler, OrderPlaced.name)` in a class whose handler says that it takes another message with a field of that name:
 * what arrives is the one, what the compiler follows is the other.
 */
function isRegisteredBeside(receiver: tsTypes.Node, type: tsTypes.Type, name: string, following: Following): boolean {
  const checker = following.checker(receiver);
  const around = ts.findAncestor(receiver, ts.isClassLike);
  const handled = ts.isIdentifier(receiver) ? checker.getSymbolAtLocation(receiver)?.valueDeclaration : receiver.parent;
  if (!around || !type.isClass() || !handled || !ts.isParameter(handled)) return false;
  const follows = (message: tsTypes.Type): boolean =>
    namesOf(checker.getPropertyOfType(message, name), checker).some((d) => following.slots.has(keyOf(d)));
  const registered = handedOver(around, checker).filter((message) => checker.getPropertyOfType(message, name) !== undefined);
  return registered.length > 0 && registered.some((message) => follows(message) !== follows(type));
}

/** Classes among the arguments of calls: `OrderPlaced`, `OrderPlaced.name`. */
function handedOver(within: tsTypes.Node, checker: tsTypes.TypeChecker): tsTypes.Type[] {
  const found: tsTypes.Type[] = [];
  const visit = (node: tsTypes.Node): void => {
    if (ts.isCallExpression(node))
      for (const arg of node.arguments) {
        const [constructed] = checker.getTypeAtLocation(ts.isPropertyAccessExpression(arg) ? arg.expression : arg).getConstructSignatures();
        if (constructed) found.push(constructed.getReturnType());
      }
    ts.forEachChild(node, visit);
  };
  visit(within);
  return found;
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
