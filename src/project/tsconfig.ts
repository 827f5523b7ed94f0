import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isFile } from '../on-disk.js';
import { type PathPattern, pathPattern } from './globs.js';
import { absolute, isUnder } from './paths.js';
import { isRecord, strings } from './repository.js';

/** What a tsconfig says about where code lies, `extends` merged in, every path absolute. */
export interface Tsconfig {
  readonly path: string;
  readonly directory: string;
  readonly files: readonly string[];
  readonly include: readonly PathPattern[];
  /** Where the compiler writes. */
  readonly outputs: readonly string[];
  readonly baseUrl?: string;
  readonly paths: readonly PathMapping[];
  /** Paths of the tsconfigs of referenced projects. */
  readonly references: readonly string[];
}

export interface PathMapping {
  readonly alias: string;
  readonly targets: readonly string[];
}

export interface Tsconfigs {
  /** Undefined where the file cannot be read; a notice says so. */
  readonly read: (file: string) => Tsconfig | undefined;
  /** The tsconfig and all that it references, transitively: a solution-style tsconfig holds no files itself. */
  readonly closure: (file: string) => readonly Tsconfig[];
  readonly notices: () => readonly string[];
}

/**
 * Our own reader, because get-tsconfig throws the whole file away when an `extends` cannot be found — the normal case
 * for `@tsconfig/node20` in a checkout without installed dependencies.
 */
export function createTsconfigs(cwd: string): Tsconfigs {
  const known = new Map<string, Tsconfig | undefined>();
  const problems = new Set<string>();

  function read(file: string): Tsconfig | undefined {
    if (!known.has(file)) known.set(file, attempt(file));
    return known.get(file);
  }
  function attempt(file: string): Tsconfig | undefined {
    try {
      return resolved(
        file,
        settingsOf(file, (from, problem) => problems.add(`${path.posix.relative(cwd, from)} ${problem}`), []),
      );
    } catch (error) {
      problems.add(
        `${path.posix.relative(cwd, file)} could not be read and is left aside: ${error instanceof Error ? error.message : String(error)}`,
      );
      return undefined;
    }
  }
  function closure(file: string): readonly Tsconfig[] {
    const found = new Map<string, Tsconfig>();
    const pending = [file];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const tsconfig = found.has(next) ? undefined : read(next);
      if (!tsconfig) continue;
      found.set(next, tsconfig);
      pending.push(...tsconfig.references);
    }
    return [...found.values()];
  }
  return { read, closure, notices: () => [...problems] };
}

/** As written, but each value resolved against the file that says it, except where it starts with `${configDir}`. */
interface Settings {
  readonly files?: readonly string[] | undefined;
  readonly include?: readonly string[] | undefined;
  readonly outDir?: string | undefined;
  readonly declarationDir?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly paths?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly pathsFrom?: string | undefined;
  readonly references?: readonly string[] | undefined;
}

function settingsOf(file: string, problem: (file: string, text: string) => void, above: readonly string[]): Settings {
  const json = parseJsonc(readFileSync(file, 'utf8'));
  const directory = path.posix.dirname(file);
  const at = (value: unknown) =>
    typeof value !== 'string' ? undefined : value.startsWith(CONFIG_DIR) ? value : absolute(directory, value);
  const glob = (value: string) =>
    value.startsWith(CONFIG_DIR) || path.posix.isAbsolute(value) ? value : path.posix.join(directory, value);
  const options = isRecord(json.compilerOptions) ? json.compilerOptions : {};
  const parents = typeof json.extends === 'string' ? [json.extends] : strings(json.extends);
  const inherited = parents.map((parent): Settings => {
    const target = extendsTarget(parent, file);
    if (target !== undefined && !above.includes(target)) return settingsOf(target, problem, [...above, file]);
    if (/^\.{0,2}\//.test(parent))
      problem(file, `extends ${parent}, which ${target === undefined ? 'does not exist' : 'extends it in turn'}.`);
    return {};
  });
  const own: Settings = {
    files: Array.isArray(json.files) ? strings(json.files).map(glob) : undefined,
    include: Array.isArray(json.include) ? strings(json.include).map(glob) : undefined,
    outDir: at(options.outDir),
    declarationDir: at(options.declarationDir),
    baseUrl: at(options.baseUrl),
    ...(isRecord(options.paths) ? { paths: mapped(options.paths), pathsFrom: directory } : {}),
  };
  const references = Array.isArray(json.references) ? json.references : [];
  return {
    ...[...inherited, own].reduce(overridden, {}),
    references: references.flatMap((each) =>
      isRecord(each) && typeof each.path === 'string' ? [referenced(absolute(directory, each.path))] : [],
    ),
  };
}

function overridden(base: Settings, by: Settings): Settings {
  return { ...base, ...Object.fromEntries(Object.entries(by).filter(([, value]) => value !== undefined)) };
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: TypeScript's own placeholder
const CONFIG_DIR = '${configDir}';

function resolved(file: string, settings: Settings): Tsconfig {
  const directory = path.posix.dirname(file);
  const here = (value: string) => (value.startsWith(CONFIG_DIR) ? path.posix.join(directory, value.slice(CONFIG_DIR.length)) : value);
  const include = (settings.include ?? (settings.files ? [] : [`${directory}/**/*`])).map(here).map((each) => pathPattern(directory, each));
  const outputs = [settings.outDir, settings.declarationDir].flatMap((each) => (each === undefined ? [] : [here(each)]));
  const baseUrl = settings.baseUrl === undefined ? undefined : here(settings.baseUrl);
  const pathsFrom = baseUrl ?? settings.pathsFrom ?? directory;
  return {
    path: file,
    directory,
    files: (settings.files ?? []).map(here),
    include,
    // `outDir: "."` and an outDir that is also included hold sources.
    outputs: outputs.filter(
      (output) => !isUnder(output, directory) && !include.some(({ base }) => base !== directory && isUnder(output, base)),
    ),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    paths: Object.entries(settings.paths ?? {}).map(([alias, targets]) => ({
      alias,
      targets: targets.map((target) => absolute(pathsFrom, here(target))),
    })),
    references: settings.references ?? [],
  };
}

function mapped(paths: Readonly<Record<string, unknown>>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(paths).map(([alias, targets]) => [alias, strings(targets)]));
}

function extendsTarget(parent: string, file: string): string | undefined {
  if (/^\.{0,2}(\/|$)/.test(parent)) {
    const target = absolute(path.posix.dirname(file), parent);
    return [target, `${target}.json`, `${target}/tsconfig.json`].find(isFile);
  }
  const require = createRequire(file);
  for (const request of [parent, `${parent}.json`, `${parent}/tsconfig.json`]) {
    try {
      const target = require.resolve(request);
      if (target.endsWith('.json')) return absolute('/', target);
    } catch {
      // Not installed, or not under that name.
    }
  }
  return undefined;
}

function referenced(target: string): string {
  return target.endsWith('.json') && !existsSync(`${target}/tsconfig.json`) ? target : `${target}/tsconfig.json`;
}

function parseJsonc(text: string): Readonly<Record<string, unknown>> {
  const bare = text
    .replace(/^\uFEFF/, '')
    .replaceAll(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1')
    .replaceAll(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, '$1');
  const value: unknown = JSON.parse(bare.trim() || '{}');
  if (!isRecord(value)) throw new SyntaxError('it holds no object');
  return value;
}
