import { ts, type tsTypes } from '../../facts/compiler.js';
import type { Workspace } from '../workspace.js';
import { obstacle, placeOf } from './obstacle.js';
import { eachNode, symbolAt } from './syntax.js';

/** A type as a new file can write it. */
export interface CarriedType {
  readonly text: string;
  /** What it names, and the file that declares it. */
  readonly names: readonly { readonly name: string; readonly from: string }[];
}

/** The type of a value as it is declared, else as the compiler knows it. Refuses what no event may carry. */
export function carriedType(use: tsTypes.Expression, uncarried: ReadonlySet<tsTypes.Node>, workspace: Workspace): CarriedType {
  const checker = workspace.checker(use.getSourceFile().fileName);
  const type = checker.getTypeAtLocation(use);
  const where = `${use.getText()} (${placeOf(use, workspace)})`;
  const unfit = unfitIn(type, uncarried, checker);
  if (unfit !== undefined) return obstacle(`the moved code needs ${where}, and no event should carry ${unfit}`);
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return obstacle(`the type of ${where} is not known`);
  return asDeclared(use, checker) ?? asKnown(type, use, checker) ?? obstacle(`the type of ${where} has no name that an event could use`);
}

function unfitIn(type: tsTypes.Type, uncarried: ReadonlySet<tsTypes.Node>, checker: tsTypes.TypeChecker, depth = 3): string | undefined {
  const declared = [...(type.symbol?.declarations ?? []), ...(type.aliasSymbol?.declarations ?? [])];
  const whole = declared.find((d) => uncarried.has(d));
  if (whole && 'name' in whole) return (whole.name as tsTypes.Node).getText();
  if (type.getCallSignatures().length > 0) return 'a function';
  if (type.symbol?.name === 'Promise') return 'a promise';
  if (depth === 0) return undefined;
  const inner = type.isUnionOrIntersection() ? type.types : checker.getTypeArguments(type as tsTypes.TypeReference);
  for (const each of inner ?? []) {
    const unfit = unfitIn(each, uncarried, checker, depth - 1);
    if (unfit !== undefined) return unfit;
  }
  return undefined;
}

function asDeclared(use: tsTypes.Expression, checker: tsTypes.TypeChecker): CarriedType | undefined {
  const name = ts.isPropertyAccessExpression(use) ? use.name : ts.isIdentifier(use) ? use : undefined;
  const declaration = name && symbolAt(name, checker)?.valueDeclaration;
  const node = declaration && 'type' in declaration ? (declaration.type as tsTypes.TypeNode | undefined) : undefined;
  if (!declaration || !node || ('questionToken' in declaration && declaration.questionToken)) return undefined;
  if (checker.typeToString(checker.getTypeFromTypeNode(node)) !== checker.typeToString(checker.getTypeAtLocation(use))) return undefined;
  const names: { name: string; from: string }[] = [];
  let isOpen = false;
  eachNode(node, (each) => {
    if (!ts.isIdentifier(each) || (ts.isQualifiedName(each.parent) && each.parent.right === each)) return;
    if (ts.isPropertySignature(each.parent) && each.parent.name === each) return;
    const symbol = symbolAt(each, checker);
    const found = symbol?.declarations?.[0];
    if (!symbol || !found || symbol.flags & ts.SymbolFlags.TypeParameter || symbol.name !== each.text)
      isOpen ||= !found || !isGlobal(found);
    else if (!isGlobal(found)) names.push({ name: each.text, from: found.getSourceFile().fileName });
  });
  return isOpen ? undefined : { text: node.getText(), names };
}

function asKnown(type: tsTypes.Type, use: tsTypes.Expression, checker: tsTypes.TypeChecker): CarriedType | undefined {
  const widened = checker.getBaseTypeOfLiteralType(type);
  const text = checker.typeToString(widened, use, ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope);
  const names: { name: string; from: string }[] = [];
  const visit = (each: tsTypes.Type): void => {
    const symbol = each.aliasSymbol ?? each.symbol;
    const declared = symbol?.declarations?.[0];
    if (declared && !isGlobal(declared) && new RegExp(`\\b${symbol.name}\\b`).test(text))
      names.push({ name: symbol.name, from: declared.getSourceFile().fileName });
    for (const inner of each.isUnionOrIntersection() ? each.types : (checker.getTypeArguments(each as tsTypes.TypeReference) ?? []))
      visit(inner);
  };
  visit(widened);
  return /import\(|__|\{/.test(text) ? undefined : { text, names };
}

/** Of the language or the platform: nobody imports it. */
function isGlobal(declaration: tsTypes.Node): boolean {
  const { fileName } = declaration.getSourceFile();
  return (
    !ts.isExternalModule(declaration.getSourceFile()) && (fileName.includes('/node_modules/') || /\/lib\.[\w.]+\.d\.ts$/.test(fileName))
  );
}
