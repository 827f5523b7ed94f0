import { ts, type tsTypes } from '../facts/compiler.js';
import { lineStarts } from '../facts/lines.js';
import type { Span } from '../model/domain-model.js';
import { absolute, isUnder } from '../project/paths.js';
import { readSource } from '../project/read-source.js';
import { repositoryRoot } from '../project/repository.js';
import { createResolver } from '../project/resolve.js';
import { type Compilation, compile } from './compilation.js';
import { createGoverning, type Governing } from './governing.js';
import { importGraph, reachedFrom } from './import-graph.js';
import { universeOf } from './universe.js';

/** The code as it would be: texts in memory, a program for each tsconfig that a change can reach. All paths absolute and posix. */
export interface Workspace {
  /** Relative to the working directory, as the model has it. */
  readonly absolute: (file: string) => string;
  readonly relative: (file: string) => string;
  readonly textOf: (file: string) => string | undefined;
  /** In the program of its own tsconfig, bound, with parents. */
  readonly sourceFile: (file: string) => tsTypes.SourceFile | undefined;
  readonly checker: (file: string) => tsTypes.TypeChecker;
  readonly optionsOf: (file: string) => tsTypes.CompilerOptions;
  /** The innermost node that covers exactly this. */
  readonly nodeAt: (at: Span) => tsTypes.Node | undefined;
  /** Every identifier or literal that means what this name means, its declarations included, in all programs. */
  readonly references: (name: tsTypes.Node) => readonly tsTypes.Node[];
  /** The project source that a specifier means. */
  readonly resolve: (fromFile: string, specifier: string) => string | undefined;
  readonly compilations: readonly Compilation[];
  readonly importersOf: (file: string) => ReadonlySet<string>;
  /** Replaces texts; undefined takes a file away. */
  readonly write: (texts: ReadonlyMap<string, string | undefined>) => void;
  /** Whether it may be written: below the repository's root, no dependency. */
  readonly isOwn: (file: string) => boolean;
}

export interface WorkspaceInput {
  readonly cwd: string;
  readonly givenTsconfigs: readonly string[];
  /** Absolute paths of the files that fixes are about. */
  readonly targets: readonly string[];
  readonly overlay: ReadonlyMap<string, string>;
}

export async function openWorkspace({ cwd: given, givenTsconfigs, targets, overlay }: WorkspaceInput): Promise<Workspace> {
  const cwd = absolute(given, '.');
  const root = repositoryRoot(cwd);
  const texts = new Map<string, string | undefined>(overlay);
  const textOf = (file: string): string | undefined => {
    if (!texts.has(file)) texts.set(file, textOnDisk(file));
    return texts.get(file);
  };
  const universe = [...new Set([...universeOf(cwd), ...targets])];
  const governing = createGoverning(cwd, givenTsconfigs);
  const resolve = createResolver({ cwd: root, files: universe, givenTsconfigs, workspaces: [] });
  const graph = importGraph({ files: universe, textOf, resolve });
  const reached = [...reachedFrom(targets, graph.importersOf)];
  const groups = new Map<Governing, string[]>();
  for (const file of [...reached, ...graph.globals]) {
    const of = governing(file);
    const files = groups.get(of);
    if (files) files.push(file);
    else if (!graph.globals.has(file)) groups.set(of, [file]);
  }
  const compilations = await Promise.all(
    [...groups].map(([of, files]) => compile({ governing: of, roots: files, textOf, resolveOwn: resolve, onImport: graph.add })),
  );
  for (const each of compilations) each.program();
  const home = (file: string): Compilation => {
    const found = compilations.find((c) => c.governing === governing(file)) ?? compilations.find((c) => c.program().getSourceFile(file));
    const [first] = compilations;
    if (!found && !first) throw new Error(`no tsconfig reaches ${file}`);
    return (found ?? first) as Compilation;
  };
  const sourceFile = (file: string): tsTypes.SourceFile | undefined => home(file).program().getSourceFile(file);

  return {
    absolute: (file) => absolute(cwd, file),
    relative: (file) => relativeTo(cwd, file),
    textOf,
    sourceFile,
    checker: (file) => home(file).program().getTypeChecker(),
    optionsOf: (file) => home(file).governing.options,
    nodeAt: (at) => {
      const source = sourceFile(absolute(cwd, at.file));
      if (!source) return undefined;
      const { start, end } = rangeOf(source.text, at);
      return nodeBetween(source, start, end);
    },
    references: (name) => {
      const file = name.getSourceFile().fileName;
      const found = new Map<string, tsTypes.Node>();
      for (const { service, program } of compilations) {
        if (!program().getSourceFile(file)) continue;
        for (const { fileName, textSpan } of service.findReferences(file, name.getStart())?.flatMap((symbol) => symbol.references) ?? []) {
          const key = `${fileName}:${textSpan.start}`;
          if (found.has(key) || fileName.includes('/node_modules/')) continue;
          const source = sourceFile(fileName) ?? program().getSourceFile(fileName);
          const node = source && nodeBetween(source, textSpan.start, textSpan.start + textSpan.length);
          if (node) found.set(key, node);
        }
      }
      return [...found.values()];
    },
    resolve,
    compilations,
    importersOf: graph.importersOf,
    write: (changed) => {
      for (const [file, text] of changed) {
        texts.set(file, text);
        for (const each of compilations) {
          const holds = each.program().getSourceFile(file) !== undefined || each.governing === governing(file);
          if (text === undefined) each.remove(file);
          else if (holds) each.write(file, text);
        }
      }
    },
    isOwn: (file) => isUnder(root, file) && !file.includes('/node_modules/'),
  };
}

function textOnDisk(file: string): string | undefined {
  try {
    return readSource(file);
  } catch {
    return undefined;
  }
}

function relativeTo(cwd: string, file: string): string {
  if (isUnder(cwd, file)) return file.slice(cwd.length + (cwd.endsWith('/') ? 0 : 1));
  const up = cwd.slice(0, cwd.lastIndexOf('/'));
  return `../${relativeTo(up === '' ? '/' : up, file)}`;
}

/** A span as offsets into the text. */
export function rangeOf(text: string, { line, column, endLine, endColumn }: Span): { readonly start: number; readonly end: number } {
  const starts = lineStarts(text);
  const offset = (of: number, at: number): number => Math.min((starts[of - 1] ?? text.length) + at - 1, text.length);
  return { start: offset(line, column), end: offset(endLine, endColumn) };
}

function nodeBetween(source: tsTypes.SourceFile, start: number, end: number): tsTypes.Node | undefined {
  let found: tsTypes.Node | undefined;
  const visit = (node: tsTypes.Node): void => {
    if (node.pos > start || node.end < end) return;
    if (node.getStart(source) === start && node.end === end) found = node;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
