import { ts, type tsTypes } from '../facts/compiler.js';
import type { ImportNeed, TextEdit } from './patch.js';
import type { Workspace } from './workspace.js';

export type CollectionKind = 'array' | 'map' | 'set';

export function collectionKind(type: tsTypes.Type, checker: tsTypes.TypeChecker): CollectionKind | undefined {
  const inner = checker.getNonNullableType(type);
  if (checker.isArrayType(inner) || checker.isTupleType(inner)) return 'array';
  const name = inner.getSymbol()?.name;
  return name === 'Map' ? 'map' : name === 'Set' ? 'set' : undefined;
}

/** What makes a written type read-only, `Promise` and unions looked through: nothing where it is so already, undefined where it is no collection. */
export function readOnlyEdits(node: tsTypes.TypeNode, checker?: tsTypes.TypeChecker): TextEdit[] | undefined {
  const before = (at: tsTypes.Node, text: string): TextEdit[] => [insertion(at, at.getStart(), text)];
  if (ts.isParenthesizedTypeNode(node)) return readOnlyEdits(node.type, checker);
  if (ts.isArrayTypeNode(node) || ts.isTupleTypeNode(node)) return before(node, 'readonly ');
  if (ts.isTypeOperatorNode(node)) return node.operator === ts.SyntaxKind.ReadonlyKeyword ? [] : undefined;
  if (ts.isUnionTypeNode(node)) {
    const parts = node.types.map((part) => readOnlyEdits(part, checker)).filter((edits) => edits !== undefined);
    return parts.length > 0 ? parts.flat() : undefined;
  }
  if (!ts.isTypeReferenceNode(node)) return undefined;
  const name = node.typeName.getText();
  const [argument] = node.typeArguments ?? [];
  if (name === 'Promise') return argument && readOnlyEdits(argument, checker);
  if (/^(?:Array|Map|Set)$/.test(name)) return before(node, 'Readonly');
  if (/^Readonly(?:Array|Map|Set)?$/.test(name)) return [];
  // An alias of an array.
  if (!checker) return undefined;
  const type = checker.getNonNullableType(checker.getTypeFromTypeNode(node));
  const isArray = (type.isUnion() ? type.types : [type]).every((part) => checker.isArrayType(part) || checker.isTupleType(part));
  return isArray ? [...before(node, 'Readonly<'), insertion(node, node.end, '>')] : undefined;
}

export interface WrittenType {
  readonly text: string;
  readonly imports: readonly ImportNeed[];
}

/** An inferred type as its author would write it there; undefined where a name in it can be neither seen nor imported. */
export function inWords(type: tsTypes.Type, at: tsTypes.Node, checker: tsTypes.TypeChecker, workspace: Workspace): WrittenType | undefined {
  const source = at.getSourceFile();
  const node = checker.typeToTypeNode(type, at, FLAGS);
  if (!node) return undefined;
  const imports: ImportNeed[] = [];
  let known = true;
  const visit: tsTypes.Visitor = (each) => {
    if (!ts.isImportTypeNode(each)) return ts.visitEachChild(each, visit, undefined);
    const { qualifier } = each;
    const symbol = qualifier && ts.isIdentifier(qualifier) ? (qualifier as { symbol?: tsTypes.Symbol }).symbol : undefined;
    const from = symbol?.declarations?.[0]?.getSourceFile().fileName;
    const taken = qualifier && checker.resolveName(qualifier.getText(), at, ts.SymbolFlags.Type, false) !== undefined;
    if (!qualifier || !ts.isIdentifier(qualifier) || from === undefined || taken || !workspace.isOwn(from)) {
      known = false;
      return each;
    }
    imports.push({ file: source.fileName, name: qualifier.text, from, typeOnly: true });
    const args = each.typeArguments?.map((argument) => ts.visitNode(argument, visit) as tsTypes.TypeNode);
    return ts.factory.createTypeReferenceNode(qualifier.text, args);
  };
  const plain = ts.visitNode(node, visit);
  if (!known || !plain) return undefined;
  return { text: PRINTER.printNode(ts.EmitHint.Unspecified, plain, source), imports };
}

const FLAGS = ts.NodeBuilderFlags.NoTruncation | ts.NodeBuilderFlags.UseSingleQuotesForStringLiteralType | ts.NodeBuilderFlags.InTypeAlias;
const PRINTER = ts.createPrinter({ removeComments: true });

/** The text of a written type made read-only; undefined where it is no collection. */
export function readOnlyText(node: tsTypes.TypeNode, checker?: tsTypes.TypeChecker): string | undefined {
  const from = node.getStart();
  return readOnlyEdits(node, checker)
    ?.toSorted((a, b) => b.start - a.start)
    .reduce((done, { start, text }) => done.slice(0, start - from) + text + done.slice(start - from), node.getText());
}

/** The same for a type that stands nowhere yet. */
export function readOnlyWords(text: string): string | undefined {
  const [alias] = ts.createSourceFile('type.ts', `type T = ${text}`, ts.ScriptTarget.Latest, true).statements;
  return alias && ts.isTypeAliasDeclaration(alias) ? readOnlyText(alias.type) : undefined;
}

function insertion(node: tsTypes.Node, at: number, text: string): TextEdit {
  return { file: node.getSourceFile().fileName, start: at, end: at, text };
}
