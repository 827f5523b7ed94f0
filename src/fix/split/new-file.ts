import path from 'node:path';
import { ts, type tsTypes } from '../../facts/compiler.js';
import { specifierFor } from '../imports.js';
import type { Workspace } from '../workspace.js';
import { eachNode, endsStatements } from './syntax.js';

/** A name that a new file uses, and where it comes from. */
export interface Named {
  readonly name: string;
  readonly from: string;
  readonly typeOnly: boolean;
}

export interface NewFile {
  readonly file: string;
  readonly body: string;
  /** The file whose style it takes. */
  readonly like: tsTypes.SourceFile;
  /** Files from which code was taken: what they import or export is imported here as they have it. */
  readonly sources: readonly tsTypes.SourceFile[];
  /** Names that none of these imports. */
  readonly named: readonly Named[];
  readonly isMade: (file: string) => boolean;
}

/** The text of a new file: the imports that its body needs, and the body. */
export function newFile({ file, body, like, sources, named, isMade }: NewFile, workspace: Workspace): string {
  const wanted = freeNames(body);
  const lines: Line[] = [];
  const known = new Set<string>();
  const add = (line: Line): void => {
    known.add(line.name);
    lines.push(line);
  };
  const strict = workspace.optionsOf(like.fileName).verbatimModuleSyntax === true;
  const asTypes =
    strict || like.statements.some((s) => ts.isImportDeclaration(s) && s.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
  const ownWay = (from: string): string =>
    specifierFor(
      like,
      { file, from },
      {
        resolve: (_, specifier) => workspace.resolve(like.fileName, specifier),
        isMade: (each) => isMade(each) || !specifierIsNear(each, file),
      },
    );
  const explicit = new Map(named.map((n) => [n.name, n]));
  for (const source of sources) {
    for (const line of importedIn(source, file)) {
      const explicitly = explicit.get(line.name);
      if (wanted.has(line.name) && !known.has(line.name) && !explicitly) add(line);
    }
  }
  for (const { name, from, typeOnly } of named) {
    if (!wanted.has(name) || known.has(name) || from === file) continue;
    const isType = typeOnly && asTypes;
    add({ name, text: name, kind: 'named', typeOnly: isType, specifier: path.posix.isAbsolute(from) ? ownWay(from) : from });
  }
  for (const source of sources) {
    for (const name of exportedIn(source))
      if (wanted.has(name) && !known.has(name) && source.fileName !== file)
        add({ name, text: name, kind: 'named', typeOnly: false, specifier: ownWay(source.fileName) });
  }
  const imports = written(lines, like);
  return imports === '' ? `${body}\n` : `${imports}\n\n${body}\n`;
}

interface Line {
  readonly name: string;
  readonly text: string;
  readonly kind: 'named' | 'default' | 'namespace';
  readonly typeOnly: boolean;
  readonly specifier: string;
}

function specifierIsNear(target: string, file: string): boolean {
  return path.posix.dirname(target) === path.posix.dirname(file);
}

/** Identifiers of a text that it does not declare itself: members' names and properties left out. */
function freeNames(text: string): ReadonlySet<string> {
  const source = ts.createSourceFile('body.ts', text, ts.ScriptTarget.Latest, true);
  const names = new Set<string>();
  eachNode(source, (node) => {
    if (!ts.isIdentifier(node)) return;
    const { parent } = node;
    if ((ts.isPropertyAccessExpression(parent) && parent.name === node) || (ts.isQualifiedName(parent) && parent.right === node)) return;
    if ((ts.isClassElement(parent) || ts.isTypeElement(parent) || ts.isPropertyAssignment(parent)) && parent.name === node) return;
    if (
      (ts.isClassDeclaration(parent) || ts.isParameter(parent) || ts.isVariableDeclaration(parent) || ts.isBindingElement(parent)) &&
      parent.name === node
    )
      return;
    names.add(node.text);
  });
  return names;
}

function importedIn(source: tsTypes.SourceFile, file: string): readonly Line[] {
  return source.statements.filter(ts.isImportDeclaration).flatMap((declaration): Line[] => {
    const clause = declaration.importClause;
    if (!clause || !ts.isStringLiteral(declaration.moduleSpecifier)) return [];
    const specifier = moved(declaration.moduleSpecifier.text, source.fileName, file);
    const typeOnly = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
    const bindings = clause.namedBindings;
    return [
      ...(clause.name ? [{ name: clause.name.text, text: clause.name.text, kind: 'default' as const, typeOnly, specifier }] : []),
      ...(bindings && ts.isNamespaceImport(bindings)
        ? [{ name: bindings.name.text, text: `* as ${bindings.name.text}`, kind: 'namespace' as const, typeOnly, specifier }]
        : []),
      ...(bindings && ts.isNamedImports(bindings)
        ? bindings.elements.map((e) => ({
            name: e.name.text,
            text: e.propertyName ? `${e.propertyName.text} as ${e.name.text}` : e.name.text,
            kind: 'named' as const,
            typeOnly: typeOnly || e.isTypeOnly,
            specifier,
          }))
        : []),
    ];
  });
}

/** A relative specifier as it is from another place. */
function moved(specifier: string, from: string, to: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const target = path.posix.join(path.posix.dirname(from), specifier);
  const way = path.posix.relative(path.posix.dirname(to), target);
  return way.startsWith('.') ? way : `./${way}`;
}

function exportedIn(source: tsTypes.SourceFile): readonly string[] {
  return source.statements.flatMap((s) => {
    const isExported = ts.canHaveModifiers(s) && ts.getModifiers(s)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isVariableStatement(s)) return s.declarationList.declarations.map((d) => d.name.getText());
    return 'name' in s && s.name ? [(s.name as tsTypes.Node).getText()] : [];
  });
}

/** Packages first, one line for each module; types apart where all that a module gives is types, marked where only some of it is. */
function written(lines: readonly Line[], like: tsTypes.SourceFile): string {
  const [sample] = like.statements.filter(ts.isImportDeclaration);
  const quote = sample?.moduleSpecifier.getText().charAt(0) ?? (like.text.includes('"') && !like.text.includes("'") ? '"' : "'");
  const end = sample ? (sample.getText().endsWith(';') ? ';' : '') : endsStatements(like);
  const [open, close] = sample && /\{\S/.test(sample.getText()) ? ['{', '}'] : ['{ ', ' }'];
  const modules = new Map<string, Line[]>();
  const bySpecifier = lines.toSorted((a, b) => rank(a.specifier) - rank(b.specifier));
  for (const line of bySpecifier) modules.set(line.specifier, [...(modules.get(line.specifier) ?? []), line]);
  return [...modules]
    .flatMap(([specifier, some]) => {
      const whole = some.filter((l) => l.kind !== 'named');
      const names = some.filter((l) => l.kind === 'named');
      const allTypes = names.every((l) => l.typeOnly);
      const list = names.map((l) => (l.typeOnly && !allTypes ? `type ${l.text}` : l.text)).join(', ');
      return [
        ...whole.map((l) => `import ${l.typeOnly ? 'type ' : ''}${l.text} from ${quote}${specifier}${quote}${end}`),
        ...(names.length > 0 ? [`import ${allTypes ? 'type ' : ''}${open}${list}${close} from ${quote}${specifier}${quote}${end}`] : []),
      ];
    })
    .join('\n');
}

function rank(specifier: string): number {
  return specifier.startsWith('./') ? 3 : specifier.startsWith('.') ? 2 : /^(?:@\/|~|#|src\/)/.test(specifier) ? 1 : 0;
}
