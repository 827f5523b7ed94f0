import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { loadConfig } from '../src/config.js';
import { discoverProject } from '../src/project/project.js';
import { isGenerated, readSource } from '../src/project/read-source.js';

/** Code to measure on: a copy without dependencies, and the files that both sides read. */
export interface Subject {
  readonly name: string;
  readonly directory: string;
  readonly files: number;
  readonly lines: number;
  /** Left out on both sides: a syntax error makes tsc skip the checking that it is here for. */
  readonly unparsed: number;
  readonly tsconfig: string;
  /** One in the middle, to be edited. */
  readonly aFile: string;
}

const NOT_COPIED = new Set(['node_modules', '.git', 'dist']);

export async function prepare(source: string, workshop: string): Promise<Subject> {
  const name = path.basename(source);
  const directory = path.join(workshop, 'subjects', name);
  mkdirSync(path.dirname(directory), { recursive: true });
  cpSync(source, directory, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => file === source || !NOT_COPIED.has(path.basename(file)),
  });

  const unparsed = (await filesOf(directory)).filter(({ file, text }) => !parses(file, text));
  for (const { file } of unparsed) rmSync(file);
  const read = await filesOf(directory);
  const tsconfig = path.join(workshop, 'subjects', `${name}.tsconfig.json`);
  writeFileSync(tsconfig, JSON.stringify({ compilerOptions: options(directory), files: read.map(({ file }) => file) }));
  return {
    name,
    directory,
    tsconfig,
    files: read.length,
    lines: read.reduce((sum, { text }) => sum + text.split('\n').length, 0),
    unparsed: unparsed.length,
    aFile: path.relative(directory, read[read.length >> 1]?.file ?? ''),
  };
}

/** What aggro reads there, by its own discovery. */
async function filesOf(cwd: string): Promise<{ readonly file: string; readonly text: string }[]> {
  const { files } = discoverProject({ cwd, paths: ['.'], config: await loadConfig({ cwd }) });
  return files.map((file) => ({ file, text: readSource(file) })).filter(({ text }) => !isGenerated(text));
}

function parses(file: string, text: string): boolean {
  const sourceFile = ts.createSourceFile(
    file,
    text,
    ts.ScriptTarget.ES2022,
    false,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const { parseDiagnostics } = sourceFile as unknown as { readonly parseDiagnostics: readonly unknown[] };
  return parseDiagnostics.length === 0;
}

/** Lenient, so that tsc does no more than it must. */
function options(directory: string): object {
  return {
    noEmit: true,
    skipLibCheck: true,
    strict: false,
    experimentalDecorators: true,
    jsx: 'preserve',
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    moduleDetection: 'force',
    ignoreDeprecations: '6.0',
    types: [],
    paths: aliases(directory),
  };
}

/** The aliases of the subject's own tsconfig, made absolute. */
function aliases(directory: string): Record<string, string[]> {
  const file = ['tsconfig.json', 'tsconfig.base.json'].map((name) => path.join(directory, name)).find((each) => existsSync(each));
  if (file === undefined) return {};
  const host: ts.ParseConfigHost = { ...ts.sys, readDirectory: () => [] };
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(file, ts.sys.readFile).config, host, directory, undefined, file);
  const base = options.baseUrl ?? (typeof options.pathsBasePath === 'string' ? options.pathsBasePath : directory);
  return Object.fromEntries(
    Object.entries(options.paths ?? {}).map(([alias, targets]) => [alias, targets.map((target) => path.resolve(base, target))]),
  );
}
