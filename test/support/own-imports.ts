import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

/** One import of one file of this project, however it is written. */
export interface OwnImport {
  /** Posix path relative to the root. */
  readonly from: string;
  /** A file of this project, the name of a package, or `node:…`. */
  readonly to: string;
  readonly kind: 'file' | 'package' | 'builtin';
  /** Gone when compiled: `import type`, `import('x').T`, and clauses whose every name is a type. */
  readonly typeOnly: boolean;
  /** `import()` runs later, or never: it closes no cycle while modules load. */
  readonly lazy: boolean;
}

export const ROOT = path.join(import.meta.dirname, '../..');

/** TypeScript files under these directories of the project, as posix paths relative to its root. */
export function ownSources(...directories: readonly string[]): string[] {
  return directories
    .flatMap((directory) =>
      readdirSync(path.join(ROOT, directory), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
        .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).split(path.sep).join('/')),
    )
    .filter((file) => !/(?:^|\/)(?:tmp|__snapshots__)\//.test(file))
    .sort();
}

export function ownImports(file: string): OwnImport[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const sourceFile = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: OwnImport[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean, lazy = false): void => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier))
      found.push({ from: file, ...target(file, specifier.text), typeOnly, lazy });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, onlyTypes(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly || everyIsType(node.exportClause));
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
      add(node.moduleReference.expression, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false, true);
    else if (ts.isCallExpression(node) && isRequire(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(sourceFile);
  return found;
}

/** `require('x')`, `createRequire(import.meta.url)('x')` and `….resolve('x')`; `require` by any name that says so. */
function isRequire(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return /^require/.test(callee.text);
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text === 'resolve' && isRequire(callee.expression);
  return ts.isCallExpression(callee) && ts.isIdentifier(callee.expression) && callee.expression.text === 'createRequire';
}

function onlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  return clause.name === undefined && everyIsType(clause.namedBindings);
}

function everyIsType(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (bindings === undefined || ts.isNamespaceImport(bindings) || ts.isNamespaceExport(bindings)) return false;
  const names: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] = [...bindings.elements];
  return names.length > 0 && names.every((name) => name.isTypeOnly);
}

function target(from: string, specifier: string): Pick<OwnImport, 'to' | 'kind'> {
  if (specifier.startsWith('.')) return { kind: 'file', to: path.posix.join(path.posix.dirname(from), specifier).replace(/\.js$/, '.ts') };
  if (isBuiltin(specifier)) return { kind: 'builtin', to: specifier.startsWith('node:') ? specifier : `node:${specifier}` };
  return {
    kind: 'package',
    to: specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/'),
  };
}

/** The cycles that remain among modules when they load: each as the modules of one knot. */
export function knots(files: readonly string[], imports: readonly OwnImport[]): string[][] {
  const next = new Map(
    files.map((file) => [file, imports.filter((each) => each.from === file && !each.typeOnly && !each.lazy).map((each) => each.to)]),
  );
  const reach = (start: string): ReadonlySet<string> => {
    const seen = new Set<string>();
    const open = [...(next.get(start) ?? [])];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      open.push(...(next.get(file) ?? []));
    }
    return seen;
  };
  const reachable = new Map(files.map((file) => [file, reach(file)]));
  const tied = (a: string, b: string): boolean => reachable.get(a)?.has(b) === true && reachable.get(b)?.has(a) === true;
  const knots = files.filter((file) => tied(file, file)).map((file) => files.filter((other) => tied(file, other)));
  return [...new Map(knots.map((knot) => [knot.join(), knot])).values()];
}
