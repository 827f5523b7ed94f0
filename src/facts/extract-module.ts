import { classFacts } from './extract-classes.js';
import {
  aliasFacts,
  aliasVariable,
  declarationBase,
  defaultVariable,
  enumFacts,
  functionDeclaration,
  interfaceFacts,
  overloadsEnd,
  type Scope,
  variableFacts,
} from './extract-declarations.js';
import { Flag, type Mutable, modifierFlags, rangeOf, type Source } from './extract-source.js';
import { addStatement } from './extract-statements.js';
import type { Declaration, Export, FileFacts, Import, NamespaceDeclaration, Statement } from './facts.js';
import { ts, type tsTypes } from './parser.js';

const { idText, isClassDeclaration, isEnumDeclaration, isFunctionDeclaration, isInterfaceDeclaration, isTypeAliasDeclaration } = ts;
const { isExportAssignment, isExportDeclaration, isIdentifier, isImportDeclaration, isImportEqualsDeclaration, isModuleBlock } = ts;
const { isExternalModuleReference, isModuleDeclaration, isNamedExports, isNamespaceImport, isParenthesizedExpression } = ts;
const { isNamespaceExportDeclaration, isStringLiteralLike, isVariableStatement } = ts;
const { TypeKeyword } = ts.SyntaxKind;
const { GlobalAugmentation } = ts.NodeFlags;

type Contents = Pick<FileFacts, 'imports' | 'exports' | 'declarations' | 'statements' | 'ambientModules'>;

interface Collected {
  readonly imports: Import[];
  readonly exports: Export[];
  readonly declarations: Mutable<Declaration>[];
  readonly statements: Statement[];
  readonly ambientModules: string[];
}

/** What stands at the top level of a file. */
export function moduleContents(source: Source): Contents {
  const { sourceFile } = source;
  return collect(source, sourceFile.statements, { ambient: sourceFile.isDeclarationFile, exported: false });
}

/** What stands directly in a file or in a namespace. */
function collect(source: Source, nodes: readonly tsTypes.Statement[], scope: Scope): Collected {
  const into: Collected = { imports: [], exports: [], declarations: [], statements: [], ambientModules: [] };
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined) continue;
    if (isFunctionDeclaration(node)) {
      const end = overloadsEnd(source, nodes, index);
      const overloads = nodes.slice(index, end) as tsTypes.FunctionDeclaration[];
      addDeclarations(node.modifiers, [functionDeclaration(source, overloads, scope)], into);
      index = end - 1;
    } else addTopLevel(source, node, scope, into);
  }
  markExported(into);
  return into;
}

function addTopLevel(source: Source, node: tsTypes.Statement, scope: Scope, into: Collected): void {
  if (isImportDeclaration(node)) addImports(source, node, into.imports);
  else if (isVariableStatement(node)) addDeclarations(node.modifiers, variableFacts(source, node, scope), into);
  else if (isClassDeclaration(node)) addDeclarations(node.modifiers, [classFacts(source, node, scope)], into);
  else if (isInterfaceDeclaration(node)) addDeclarations(node.modifiers, [interfaceFacts(source, node, scope)], into);
  else if (isTypeAliasDeclaration(node)) addDeclarations(node.modifiers, [aliasFacts(source, node, scope)], into);
  else if (isEnumDeclaration(node)) addDeclarations(node.modifiers, [enumFacts(source, node, scope)], into);
  else if (isModuleDeclaration(node)) addModule(source, node, scope, into);
  else if (isImportEqualsDeclaration(node)) addImportEquals(source, node, scope, into);
  else if (isExportDeclaration(node)) addExports(node, into.exports);
  else if (isExportAssignment(node)) addExportAssignment(source, node, into);
  else if (!isNamespaceExportDeclaration(node)) addStatement(source, node, into.statements);
}

function addDeclarations(
  modifiers: readonly tsTypes.ModifierLike[] | undefined,
  declared: readonly Declaration[],
  { declarations, exports }: Collected,
): void {
  const flags = modifierFlags(modifiers);
  for (const declaration of declared) {
    declarations.push(declaration);
    if ((flags & Flag.export) === 0) continue;
    addLocalExport((flags & Flag.default) === 0 ? declaration.name : 'default', declaration.name, exports);
  }
}

// ── namespaces and ambient modules ────────────────────────────────────────────────────────────────────────────────

function addModule(source: Source, node: tsTypes.ModuleDeclaration, scope: Scope, into: Collected): void {
  if (isStringLiteralLike(node.name)) addAmbientModule(node.name.text, into);
  else if ((node.flags & GlobalAugmentation) !== 0) addGlobals(source, node, into);
  else addDeclarations(node.modifiers, [namespaceFacts(source, node, scope)], into);
}

/** An augmentation of a relative path is not recorded: the module behind it is the project's own. */
function addAmbientModule(specifier: string, { ambientModules }: Collected): void {
  if (!specifier.startsWith('.')) ambientModules.push(specifier);
}

function addGlobals(source: Source, node: tsTypes.ModuleDeclaration, { declarations }: Collected): void {
  if (node.body === undefined || !isModuleBlock(node.body)) return;
  for (const declaration of collect(source, node.body.statements, { ambient: true, exported: false }).declarations) {
    declarations.push(declaration);
  }
}

function namespaceFacts(source: Source, node: tsTypes.ModuleDeclaration, scope: Scope): NamespaceDeclaration {
  const base = declarationBase(source, node, scope);
  const inside: Scope = { ambient: base.ambient, exported: base.ambient };
  const { body } = node;
  if (body !== undefined && isModuleDeclaration(body)) {
    const nested = namespaceFacts(source, body, { ...inside, exported: true });
    return { kind: 'namespace', ...base, body: [nested], statements: [] };
  }
  const contents = collect(source, body !== undefined && isModuleBlock(body) ? body.statements : [], inside);
  return { kind: 'namespace', ...base, body: contents.declarations, statements: contents.statements };
}

// ── imports ───────────────────────────────────────────────────────────────────────────────────────────────────────

function addImports(source: Source, node: tsTypes.ImportDeclaration, imports: Import[]): void {
  const from = textOf(node.moduleSpecifier);
  const { importClause: clause } = node;
  if (clause === undefined) {
    imports.push({ local: '', from, name: '', typeOnly: false, at: rangeOf(source, node) });
    return;
  }
  const typeOnly = clause.phaseModifier === TypeKeyword;
  const { name, namedBindings } = clause;
  if (name !== undefined) imports.push({ local: idText(name), from, name: 'default', typeOnly, at: rangeOf(source, name) });
  if (namedBindings === undefined) return;
  if (isNamespaceImport(namedBindings)) {
    imports.push({ local: idText(namedBindings.name), from, name: '*', typeOnly, at: rangeOf(source, namedBindings) });
    return;
  }
  for (const element of namedBindings.elements) {
    const imported = exportedName(element.propertyName ?? element.name);
    const onlyType = typeOnly || element.isTypeOnly;
    imports.push({ local: idText(element.name), from, name: imported, typeOnly: onlyType, at: rangeOf(source, element) });
  }
}

/** `import x = require('y')` imports; `import x = A.B` declares. */
function addImportEquals(source: Source, node: tsTypes.ImportEqualsDeclaration, scope: Scope, into: Collected): void {
  const { moduleReference, name, modifiers } = node;
  if (!isExternalModuleReference(moduleReference)) {
    addDeclarations(modifiers, [aliasVariable(source, node, moduleReference, scope)], into);
    return;
  }
  const local = idText(name);
  const from = textOf(moduleReference.expression);
  into.imports.push({ local, from, name: '=', typeOnly: node.isTypeOnly, at: rangeOf(source, name) });
  if ((modifierFlags(modifiers) & Flag.export) !== 0) addLocalExport(local, local, into.exports);
}

// ── exports ───────────────────────────────────────────────────────────────────────────────────────────────────────

function addExports(node: tsTypes.ExportDeclaration, exports: Export[]): void {
  const { exportClause, moduleSpecifier } = node;
  const from = moduleSpecifier === undefined ? undefined : textOf(moduleSpecifier);
  if (exportClause === undefined) {
    if (from !== undefined) exports.push({ kind: 'star', from });
  } else if (isNamedExports(exportClause)) {
    for (const { name, propertyName } of exportClause.elements) {
      const origin = exportedName(propertyName ?? name);
      if (from === undefined) addLocalExport(exportedName(name), origin, exports);
      else exports.push({ kind: 'from', name: exportedName(name), imported: origin, from });
    }
  } else if (from !== undefined) exports.push({ kind: 'from', name: exportedName(exportClause.name), imported: '*', from });
}

function addExportAssignment(source: Source, node: tsTypes.ExportAssignment, into: Collected): void {
  const name = node.isExportEquals === true ? '=' : 'default';
  let exported = node.expression;
  while (isParenthesizedExpression(exported)) exported = exported.expression;
  if (isIdentifier(exported)) {
    addLocalExport(name, idText(exported), into.exports);
    return;
  }
  into.declarations.push(defaultVariable(source, node));
  addLocalExport(name, 'default', into.exports);
}

/** An interface and a class of one name merge, as do an overload's signatures: one export. */
function addLocalExport(name: string, local: string, exports: Export[]): void {
  const last = exports.at(-1);
  if (last?.kind === 'local' && last.name === name && last.local === local) return;
  exports.push({ kind: 'local', name, local });
}

/** `class Order {} export { Order }` exports as much as a modifier does. */
function markExported({ declarations, exports }: Collected): void {
  if (declarations.length === 0 || exports.length === 0) return;
  const exported = new Set<string>();
  for (const entry of exports) if (entry.kind === 'local') exported.add(entry.local);
  for (const declaration of declarations) if (exported.has(declaration.name)) declaration.exported = true;
}

function textOf(specifier: tsTypes.Expression): string {
  return isStringLiteralLike(specifier) ? specifier.text : '';
}

/** `export { x as 'any text' }` is a name, too. */
function exportedName(name: tsTypes.ModuleExportName): string {
  return isStringLiteralLike(name) ? name.text : idText(name);
}
