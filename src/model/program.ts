import type { Declaration, Expression, FileFacts, Import } from '../facts/facts.js';
import type { Span } from './domain-model.js';
import { once } from './memo.js';

/** The facts of all files, with names bound to declarations across them. */
export interface Program {
  readonly files: ReadonlyMap<string, ProgramFile>;
  readonly resolveModule: (fromFile: string, specifier: string) => string | undefined;
}

export interface ProgramFile {
  readonly facts: FileFacts;
  readonly scope: Scope;
  readonly imports: ReadonlyMap<string, Import>;
}

export interface Scope {
  readonly file: ProgramFile;
  readonly parent?: Scope;
  /** Declarations by name: an interface and a class, a schema constant and its type share one. */
  readonly names: ReadonlyMap<string, readonly Declared[]>;
}

/** A declaration in its place. */
export interface Declared {
  /** `file#Name`, in a namespace `file#Outer.Name`. */
  readonly id: string;
  readonly name: string;
  readonly file: ProgramFile;
  readonly declaration: Declaration;
  readonly scope: Scope;
  /** The scope inside, of a namespace. */
  readonly inner?: Scope;
  /** The namespace it stands in. */
  readonly outer?: Declared;
}

/** What a name stands for: a declaration of the project, a whole file, or something of a library or the platform. */
export type Target =
  | { readonly k: 'symbol'; readonly symbol: Declared }
  | { readonly k: 'module'; readonly file: ProgramFile }
  | { readonly k: 'external'; readonly name: string; readonly module: string | undefined };

export type Meaning = 'type' | 'value';

export function linkProgram(facts: readonly FileFacts[], resolveModule: Program['resolveModule']): Program {
  return { files: new Map(facts.map((file) => [file.file, programFile(file)])), resolveModule };
}

export function allSymbols(program: Program): Declared[] {
  const found: Declared[] = [];
  const visit = (scope: Scope): void => {
    for (const symbols of scope.names.values()) {
      for (const symbol of symbols) {
        found.push(symbol);
        if (symbol.inner) visit(symbol.inner);
      }
    }
  };
  for (const file of program.files.values()) visit(file.scope);
  return found;
}

/** Binds a dotted name as seen from a scope. Names that no declaration explains are external. */
export function bind(program: Program, scope: Scope, dotted: string, meaning: Meaning): Target {
  const dot = dotted.indexOf('.');
  if (dot < 0) return bindSimple(program, scope, dotted, meaning);
  const [head = '', ...rest] = dotted.split('.');
  let target = bindSimple(program, scope, head, 'value');
  for (const [i, name] of rest.entries()) {
    const wanted = i === rest.length - 1 ? meaning : 'value';
    const next = memberTarget(program, target, name, wanted);
    if (!next) return { k: 'external', name: rest.at(-1) ?? head, module: undefined };
    target = next;
  }
  return target;
}

/** `namespace.name` or `module.name`. */
export function memberTarget(program: Program, target: Target, name: string, meaning: Meaning): Target | undefined {
  if (target.k === 'external') return { k: 'external', name, module: target.module };
  if (target.k === 'module') return exported(program, target.file, name, meaning);
  const { symbol } = target;
  const inner = symbol.inner ?? symbol.scope.names.get(symbol.name)?.find((s) => s.inner)?.inner;
  const found = inner && pick(inner.names.get(name), meaning);
  return found ? { k: 'symbol', symbol: found } : undefined;
}

/** What a file exports under a name, re-exports and barrels followed. */
export function exported(program: Program, file: ProgramFile, name: string, meaning: Meaning): Target | undefined {
  const known = once(exportsOf, file, () => new Map<string, Target | undefined>());
  const key = `${meaning}:${name}`;
  if (known.has(key)) return known.get(key);
  // Whoever asks again on the way there goes in a circle: a module that exports what it imports from itself.
  known.set(key, undefined);
  const found = findExport(program, file, name, meaning, new Set());
  known.set(key, found);
  return found;
}

function findExport(program: Program, file: ProgramFile, name: string, meaning: Meaning, seen: Set<string>): Target | undefined {
  const key = `${file.facts.file}#${name}`;
  if (seen.has(key)) return undefined;
  seen.add(key);
  for (const entry of file.facts.exports) {
    if (entry.kind === 'star' || entry.name !== name) continue;
    if (entry.kind === 'local') {
      const bound = bindSimple(program, file.scope, entry.local, meaning);
      if (bound.k !== 'external' || bound.module !== undefined) return bound;
      continue;
    }
    const from = moduleOf(program, file, entry.from);
    if (!from) return { k: 'external', name: entry.imported, module: entry.from };
    if (entry.imported === '*') return { k: 'module', file: from };
    const found = findExport(program, from, entry.imported, meaning, seen);
    if (found) return found;
  }
  for (const entry of file.facts.exports) {
    if (entry.kind !== 'star') continue;
    const from = moduleOf(program, file, entry.from);
    const found = from && offered(program, from).has(name) ? findExport(program, from, name, meaning, seen) : undefined;
    if (found) return found;
  }
  const declared = pick(file.scope.names.get(name), meaning);
  return declared?.declaration.exported ? { k: 'symbol', symbol: declared } : undefined;
}

/** Every name that a file may export, by whatever barrel: of hundreds of branches a name is in one. */
function offered(program: Program, file: ProgramFile): ReadonlySet<string> {
  return once(offers, file, () => {
    const names = new Set<string>();
    const reached = new Set([file]);
    for (const each of reached) {
      for (const [name, symbols] of each.scope.names) if (symbols.some((s) => s.declaration.exported)) names.add(name);
      for (const entry of each.facts.exports) {
        if (entry.kind !== 'star') names.add(entry.name);
        const from = entry.kind === 'star' ? moduleOf(program, each, entry.from) : undefined;
        if (from) reached.add(from);
      }
    }
    return names;
  });
}

const spanCache = new WeakMap<FileFacts, Map<number, Span>>();

export function spanOf(facts: FileFacts, [start, end]: readonly [number, number]): Span {
  const cache = once(spanCache, facts, () => new Map<number, Span>());
  const key = start * 4096 + (end - start);
  const known = cache.get(key);
  if (known) return known;
  const [line, column] = position(facts.lines, start);
  const [endLine, endColumn] = position(facts.lines, end);
  const span = { file: facts.file, line, column, endLine, endColumn };
  cache.set(key, span);
  return span;
}

function position(lines: readonly number[], offset: number): [line: number, column: number] {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return [low + 1, offset - (lines[low] ?? 0) + 1];
}

/** Answers that never change once the program is linked, by scope or file. */
const bound = new WeakMap<Scope, Map<string, Target>>();
const exportsOf = new WeakMap<ProgramFile, Map<string, Target | undefined>>();
const offers = new WeakMap<ProgramFile, ReadonlySet<string>>();
const modules = new WeakMap<ProgramFile, Map<string, ProgramFile | undefined>>();

function remembered<K extends object, V>(memo: WeakMap<K, Map<string, V>>, owner: K, key: string, compute: () => V): V {
  const known = once(memo, owner, () => new Map<string, V>());
  const found = known.get(key);
  if (found !== undefined || known.has(key)) return found as V;
  const value = compute();
  known.set(key, value);
  return value;
}

function bindSimple(program: Program, scope: Scope, name: string, meaning: Meaning): Target {
  return remembered(bound, scope, `${meaning}:${name}`, () => findName(program, scope, name, meaning));
}

function findName(program: Program, scope: Scope, name: string, meaning: Meaning): Target {
  for (let s: Scope | undefined = scope; s; s = s.parent) {
    const found = pick(s.names.get(name), meaning);
    if (found) return { k: 'symbol', symbol: found };
  }
  const imported = scope.file.imports.get(name);
  if (!imported) {
    for (let s: Scope | undefined = scope; s; s = s.parent) {
      const other = s.names.get(name)?.[0];
      if (other) return importAlias(program, other, meaning) ?? { k: 'symbol', symbol: other };
    }
    return globalDeclaration(program, name, meaning) ?? { k: 'external', name, module: undefined };
  }
  const from = moduleOf(program, scope.file, imported.from);
  if (!from)
    return { k: 'external', name: imported.name === '*' || imported.name === 'default' ? name : imported.name, module: imported.from };
  if (imported.name === '*' || imported.name === '=') {
    const whole = exported(program, from, '=', meaning);
    return whole ?? { k: 'module', file: from };
  }
  const other: Meaning = meaning === 'type' ? 'value' : 'type';
  const found =
    exported(program, from, imported.name, meaning) ??
    exported(program, from, imported.name, other) ??
    (imported.name === 'default' ? exported(program, from, '=', meaning) : undefined);
  return found ?? { k: 'external', name: imported.name === 'default' ? name : imported.name, module: imported.from };
}

/** `import Orders = shop.Orders` is a constant among the facts, and yet names a type. */
function importAlias(program: Program, { declaration, scope, name }: Declared, meaning: Meaning): Target | undefined {
  if (meaning !== 'type' || declaration.kind !== 'variable' || !declaration.init) return undefined;
  const dotted = dottedName(declaration.init);
  if (!dotted?.includes('.') || dotted.startsWith(`${name}.`)) return undefined;
  const target = bind(program, scope, dotted, 'type');
  return target.k === 'symbol' && means(target.symbol.declaration, 'type') ? target : undefined;
}

function dottedName(expression: Expression): string | undefined {
  if (expression.e === 'name') return expression.name;
  const owner = expression.e === 'member' ? dottedName(expression.of) : undefined;
  return owner !== undefined && expression.e === 'member' ? `${owner}.${expression.name}` : undefined;
}

const globals = new WeakMap<Program, Map<string, Declared[]>>();

/** Declarations of scripts: files without imports and exports put their names into the global scope. */
function globalDeclaration(program: Program, name: string, meaning: Meaning): Target | undefined {
  let known = globals.get(program);
  if (!known) {
    known = new Map();
    for (const file of program.files.values()) {
      const script = file.facts.declarationFile && file.facts.exports.length === 0 && file.facts.imports.length === 0;
      for (const [global, symbols] of file.scope.names) {
        if (script || symbols.some((s) => s.declaration.ambient && !s.declaration.exported && file.facts.declarationFile)) {
          known.set(global, [...(known.get(global) ?? []), ...symbols]);
        }
      }
    }
    globals.set(program, known);
  }
  const found = pick(known.get(name), meaning);
  return found && { k: 'symbol', symbol: found };
}

function moduleOf(program: Program, file: ProgramFile, specifier: string): ProgramFile | undefined {
  return remembered(modules, file, specifier, () => {
    const path = program.resolveModule(file.facts.file, specifier);
    return path === undefined ? undefined : program.files.get(path);
  });
}

function pick(symbols: readonly Declared[] | undefined, meaning: Meaning): Declared | undefined {
  return symbols?.find((s) => means(s.declaration, meaning));
}

function means(declaration: Declaration, meaning: Meaning): boolean {
  switch (declaration.kind) {
    case 'class':
    case 'enum':
      return true;
    case 'namespace':
      return meaning === 'value';
    case 'interface':
    case 'alias':
      return meaning === 'type';
    default:
      return meaning === 'value';
  }
}

function programFile(facts: FileFacts): ProgramFile {
  const imports = new Map(facts.imports.filter((i) => i.local !== '').map((i) => [i.local, i]));
  const file: { -readonly [K in keyof ProgramFile]: ProgramFile[K] } = { facts, imports, scope: undefined as unknown as Scope };
  file.scope = scopeOf(file, facts.declarations, undefined, undefined);
  return file;
}

function scopeOf(file: ProgramFile, declarations: readonly Declaration[], parent: Scope | undefined, outer: Declared | undefined): Scope {
  const names = new Map<string, Declared[]>();
  const scope: Scope = { file, names, ...(parent ? { parent } : {}) };
  for (const declaration of declarations) {
    const path = outer ? `${outer.id}.${declaration.name}` : `${file.facts.file}#${declaration.name}`;
    const symbol: { -readonly [K in keyof Declared]: Declared[K] } = { id: path, name: declaration.name, file, declaration, scope };
    if (outer) symbol.outer = outer;
    if (declaration.kind === 'namespace') symbol.inner = scopeOf(file, declaration.body, scope, symbol);
    const list = names.get(declaration.name);
    if (list) list.push(symbol);
    else names.set(declaration.name, [symbol]);
  }
  return scope;
}
