import path from 'node:path';
import { ts, type tsTypes } from '../facts/compiler.js';
import { edited, type ImportNeed, type TextEdit } from './patch.js';

export interface ImportContext {
  readonly file: string;
  /** Before the edits. */
  readonly before: string;
  readonly resolve: (fromFile: string, specifier: string) => string | undefined;
  /** Whether what a module exports under this name is what that file declares. */
  readonly exports: (moduleFile: string, name: string, declaredIn: string) => boolean;
  /** The compiler wants types imported as types. */
  readonly strictTypes: boolean;
  /** Made by the same fixes: nothing resolves to it yet. */
  readonly isMade: (file: string) => boolean;
}

/** Imports follow the edits: what lost its last use goes, what is needed comes, in the words that the file uses for the others. */
export function withImports(text: string, needs: readonly ImportNeed[], context: ImportContext): string {
  // What goes is still there to show the file's style when the new ones come.
  return withoutUnused(
    needs.reduce((done, need) => withImport(done, need, context), text),
    context,
  );
}

// ── what goes ─────────────────────────────────────────────────────────────────────────────────────────────────────

function withoutUnused(text: string, { file, before }: ImportContext): string {
  if (text === before) return text;
  const used = usedNames(parse(file, before));
  const source = parse(file, text);
  const stillUsed = usedNames(source);
  const gone = (name: tsTypes.Identifier | undefined): boolean => name !== undefined && used.has(name.text) && !stillUsed.has(name.text);
  return edited(
    text,
    importsOf(source).flatMap((declaration) => withoutNames(source, declaration, gone)),
  );
}

function withoutNames(
  source: tsTypes.SourceFile,
  declaration: tsTypes.ImportDeclaration,
  gone: (name: tsTypes.Identifier | undefined) => boolean,
): TextEdit[] {
  const clause = declaration.importClause;
  if (!clause) return [];
  const bindings = clause.namedBindings;
  const elements = bindings && ts.isNamedImports(bindings) ? bindings.elements : undefined;
  const namespace = bindings && ts.isNamespaceImport(bindings) ? bindings.name : undefined;
  const lost = elements?.filter((e) => gone(e.name)) ?? [];
  const keepsDefault = clause.name !== undefined && !gone(clause.name);
  const keepsBindings = namespace ? !gone(namespace) : (elements?.length ?? 0) > lost.length;
  if (lost.length === 0 && !gone(clause.name) && !gone(namespace)) return [];
  if (!keepsDefault && !keepsBindings) return [wholeLine(source, declaration)];
  const edits: TextEdit[] = [];
  if (clause.name && !keepsDefault)
    edits.push(edit(source, clause.name.getStart(source), bindings?.getStart(source) ?? clause.name.end, ''));
  if (bindings && !keepsBindings) edits.push(edit(source, clause.name?.end ?? bindings.getStart(source), bindings.end, ''));
  else if (elements) edits.push(...withoutItems(source, elements, lost));
  return edits;
}

/** Elements of a list go with the comma that parts them from what stays. */
function withoutItems(
  source: tsTypes.SourceFile,
  list: tsTypes.NodeArray<tsTypes.ImportSpecifier>,
  lost: readonly tsTypes.ImportSpecifier[],
): TextEdit[] {
  const stays = list.findLastIndex((each) => !lost.includes(each));
  const behind = list.slice(stays + 1);
  const [last] = behind.slice(-1);
  const before = lost
    .filter((each) => !behind.includes(each))
    .map((each) => edit(source, each.getStart(source), list[list.indexOf(each) + 1]?.getStart(source) ?? each.end, ''));
  return last ? [...before, edit(source, list[stays]?.end ?? last.end, last.end, '')] : before;
}

function wholeLine(source: tsTypes.SourceFile, node: tsTypes.Node): TextEdit {
  const end = /^[ \t]*(?:\r?\n)?/.exec(source.text.slice(node.end))?.[0].length ?? 0;
  return edit(source, node.getStart(source), node.end + end, '');
}

// ── what comes ────────────────────────────────────────────────────────────────────────────────────────────────────

function withImport(text: string, need: ImportNeed, context: ImportContext): string {
  const { name, from } = need;
  const { file, resolve, exports, strictTypes, isMade } = context;
  if (from === file) return text;
  const source = parse(file, text);
  const imports = importsOf(source);
  if (declares(source, name) || imports.some((each) => bindsName(each, name))) return text;
  const isFile = path.posix.isAbsolute(from);
  const offers = (each: tsTypes.ImportDeclaration): boolean => {
    if (specifierOf(each) === from) return true;
    const to = resolve(file, specifierOf(each));
    return isFile && to !== undefined && (to === from || exports(to, name, from));
  };
  const offering = imports.filter(offers);
  const host = offering.find((each) => takes(each, need));
  if (host) return edited(text, [intoList(source, host, name, strictTypes && need.typeOnly === true && !isTypeOnly(host))]);
  const [known] = offering;
  const specifier = known ? specifierOf(known) : isFile ? specifierFor(source, need, { resolve, isMade }) : from;
  return edited(text, [newImport(source, imports, { ...need, specifier }, strictTypes)]);
}

function takes(declaration: tsTypes.ImportDeclaration, { typeOnly = false }: ImportNeed): boolean {
  const bindings = declaration.importClause?.namedBindings;
  return bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.length > 0 && (typeOnly || !isTypeOnly(declaration));
}

function intoList(source: tsTypes.SourceFile, declaration: tsTypes.ImportDeclaration, name: string, asType: boolean): TextEdit {
  const bindings = declaration.importClause?.namedBindings;
  const last = bindings && ts.isNamedImports(bindings) ? bindings.elements.at(-1) : undefined;
  if (!last) throw new Error('an import without a list');
  const ownLine = source.text.slice(0, last.getStart(source)).split('\n').at(-1) ?? '';
  const separator = /^\s+$/.test(ownLine) ? `,\n${ownLine}` : ', ';
  return edit(source, last.end, last.end, `${separator}${asType ? 'type ' : ''}${name}`);
}

function newImport(
  source: tsTypes.SourceFile,
  imports: readonly tsTypes.ImportDeclaration[],
  { name, specifier, typeOnly = false }: ImportNeed & { readonly specifier: string },
  strictTypes: boolean,
): TextEdit {
  const [first] = imports;
  const last = imports.at(-1);
  const quote = first?.moduleSpecifier.getText(source).charAt(0) ?? (source.text.includes('"') && !source.text.includes("'") ? '"' : "'");
  const semicolon = first ? first.getText(source).endsWith(';') : source.text.includes(';');
  const spaced = imports.every((each) => !/\{\S/.test(each.getText(source)));
  const asType = typeOnly && (strictTypes || imports.some(isTypeOnly));
  const list = spaced ? `{ ${name} }` : `{${name}}`;
  const statement = `import ${asType ? 'type ' : ''}${list} from ${quote}${specifier}${quote}${semicolon ? ';' : ''}`;
  if (last) return edit(source, last.end, last.end, `\n${statement}`);
  const start = source.statements[0]?.getStart(source) ?? source.end;
  const head = leadingDirective(source);
  return head === undefined ? edit(source, start, start, `${statement}\n\n`) : edit(source, head, head, `\n${statement}`);
}

function leadingDirective(source: tsTypes.SourceFile): number | undefined {
  const [first] = source.statements;
  return first && ts.isExpressionStatement(first) && ts.isStringLiteral(first.expression) ? first.end : undefined;
}

/** As the file names its other project files: by an alias that reaches this one too, else relative, with the extension that it writes. */
export function specifierFor(
  source: tsTypes.SourceFile,
  { file, from }: Pick<ImportNeed, 'file' | 'from'>,
  { resolve, isMade }: Pick<ImportContext, 'resolve' | 'isMade'>,
): string {
  const own = importsOf(source).flatMap((each) => {
    const specifier = specifierOf(each);
    const to = resolve(file, specifier);
    return to === undefined ? [] : [{ specifier, to }];
  });
  const relatives = own.filter(({ specifier }) => specifier.startsWith('.'));
  const near = path.posix.dirname(file) === path.posix.dirname(from);
  if (!near || relatives.length === 0) {
    for (const { specifier, to } of own) {
      const alias = specifier.startsWith('.') ? undefined : sameAlias(specifier, to, from);
      if (alias !== undefined && (isMade(from) || resolve(file, alias) === from)) return alias;
    }
  }
  const way = path.posix.relative(path.posix.dirname(file), from);
  const dotted = way.startsWith('.') ? way : `./${way}`;
  const written = relatives.map(({ specifier }) => /\.[cm]?[jt]sx?$/.exec(specifier)?.[0]).find((e) => e !== undefined);
  const bare = dotted.replace(/(?:\.d)?\.[cm]?tsx?$/, '');
  if (written === undefined && relatives.length === 0 && source.impliedNodeFormat === ts.ModuleKind.ESNext) return `${bare}.js`;
  if (written === undefined) return bare;
  return /\.[cm]?ts/.test(written) ? dotted : `${bare}${written}`;
}

/** `@domain/customer/customer-id` after `@domain/customer/customer`. */
function sameAlias(specifier: string, to: string, target: string): string | undefined {
  const bare = to.replace(/\.[cm]?tsx?$/, '');
  const written = specifier.replace(/\.[cm]?[jt]sx?$/, '');
  const stem = bare.endsWith('/index') && !written.endsWith('/index') ? path.posix.dirname(bare) : bare;
  let shared = 0;
  while (shared < written.length && shared < stem.length && written.at(-1 - shared) === stem.at(-1 - shared)) shared++;
  const prefix = written.slice(0, written.length - shared);
  const directory = stem.slice(0, stem.length - shared);
  return target.startsWith(directory) && prefix !== '' ? prefix + target.slice(directory.length).replace(/\.[cm]?tsx?$/, '') : undefined;
}

// ── what is there ─────────────────────────────────────────────────────────────────────────────────────────────────

function parse(file: string, text: string): tsTypes.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

function importsOf(source: tsTypes.SourceFile): tsTypes.ImportDeclaration[] {
  return source.statements.filter(ts.isImportDeclaration);
}

function specifierOf(declaration: tsTypes.ImportDeclaration): string {
  return ts.isStringLiteral(declaration.moduleSpecifier) ? declaration.moduleSpecifier.text : '';
}

function isTypeOnly(declaration: tsTypes.ImportDeclaration): boolean {
  return declaration.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function bindsName(declaration: tsTypes.ImportDeclaration, name: string): boolean {
  const clause = declaration.importClause;
  const bindings = clause?.namedBindings;
  if (clause?.name?.text === name) return true;
  if (!bindings) return false;
  return ts.isNamespaceImport(bindings) ? bindings.name.text === name : bindings.elements.some((e) => e.name.text === name);
}

function declares(source: tsTypes.SourceFile, name: string): boolean {
  return source.statements.some(
    (s) =>
      (ts.isClassDeclaration(s) ||
        ts.isInterfaceDeclaration(s) ||
        ts.isTypeAliasDeclaration(s) ||
        ts.isFunctionDeclaration(s) ||
        ts.isEnumDeclaration(s) ||
        ts.isModuleDeclaration(s)) &&
      s.name?.text === name,
  );
}

/** Identifiers that stand outside the imports and are no member's name. */
function usedNames(source: tsTypes.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: tsTypes.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isIdentifier(node) && !isMemberName(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

function isMemberName(node: tsTypes.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isMethodDeclaration(parent)) &&
    parent.name === node
  );
}

function edit(source: tsTypes.SourceFile, start: number, end: number, text: string): TextEdit {
  return { file: source.fileName, start, end, text };
}
