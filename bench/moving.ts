import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ts, type tsTypes } from '../src/facts/compiler.js';

/** Moves files, relative and posix, and mends the imports that lead to them or start from them, as an editor does. */
export function moveWithImports(cwd: string, moves: ReadonlyMap<string, string>): void {
  const texts = new Map(sourcesIn(cwd).map((file) => [file, readFileSync(file, 'utf8')]));
  const versions = new Map<string, number>();
  const options = optionsOf(cwd);
  const service = ts.createLanguageService({
    getScriptFileNames: () => [...texts.keys()],
    getScriptVersion: (file) => String(versions.get(file) ?? 0),
    getScriptSnapshot: (file) => {
      const text = texts.get(file) ?? ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => cwd,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (file) =>
      texts.has(file) || (!file.startsWith(`${cwd}/`) && ts.sys.fileExists(file)) || (file.endsWith('.json') && ts.sys.fileExists(file)),
    readFile: (file) => texts.get(file) ?? ts.sys.readFile(file),
    directoryExists: (directory) => [...texts.keys()].some((file) => file.startsWith(`${directory}/`)) || ts.sys.directoryExists(directory),
  });
  for (const [from, to] of [...moves].map((move) => move.map((file) => path.posix.join(cwd, file)) as [string, string])) {
    const text = texts.get(from);
    if (text === undefined) {
      if (existsSync(from)) relocate(from, to);
      continue;
    }
    for (const { fileName, textChanges } of service.getEditsForFileRename(from, to, {}, {})) {
      const before = texts.get(fileName);
      if (before === undefined) continue;
      texts.set(fileName, edited(before, textChanges));
      versions.set(fileName, (versions.get(fileName) ?? 0) + 1);
    }
    texts.set(to, texts.get(from) ?? text);
    texts.delete(from);
    relocate(from, to);
  }
  for (const [file, text] of texts) writeFileSync(file, text);
}

function relocate(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  renameSync(from, to);
}

function edited(text: string, changes: readonly tsTypes.TextChange[]): string {
  return changes
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce((done, { span, newText }) => done.slice(0, span.start) + newText + done.slice(span.start + span.length), text);
}

function sourcesIn(cwd: string): readonly string[] {
  return ts.sys.readDirectory(cwd, ['.ts', '.tsx', '.mts', '.cts'], ['**/node_modules']);
}

function optionsOf(cwd: string): tsTypes.CompilerOptions {
  const file = path.posix.join(cwd, 'tsconfig.json');
  if (!ts.sys.fileExists(file)) return {};
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  return { ...ts.parseJsonConfigFileContent(config ?? {}, ts.sys, cwd).options, noLib: true, types: [] };
}
