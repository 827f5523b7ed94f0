import { existsSync } from 'node:fs';
import path from 'node:path';
import { ts, type tsTypes } from '../facts/compiler.js';
import { memoised } from '../project/lookup.js';
import { isUnder } from '../project/paths.js';
import { jsonOf, repositoryRoot } from '../project/repository.js';

/** A tsconfig as the compiler reads it: its options, and the files that it lists. */
export interface Governing {
  /** Absolute path of the tsconfig; undefined where a file has none above it. */
  readonly path: string | undefined;
  readonly directory: string;
  readonly options: tsTypes.CompilerOptions;
  readonly files: ReadonlySet<string>;
}

/** Which tsconfig a file is compiled by: one that the configuration names and that lists it, else the nearest above. */
export function createGoverning(cwd: string, givenTsconfigs: readonly string[]): (file: string) => Governing {
  const read = memoised((file: string) => parsed(file));
  const none = memoised(
    (directory: string): Governing => ({ path: undefined, directory, options: normal({}, directory), files: new Set() }),
  );
  const nearest = memoised((directory: string): string | undefined => {
    if (existsSync(`${directory}/tsconfig.json`)) return `${directory}/tsconfig.json`;
    const parent = path.posix.dirname(directory);
    return parent === directory || directory === root ? undefined : nearest(parent);
  });
  const root = repositoryRoot(cwd);

  /** A solution-style tsconfig lists nothing itself: what it references does. */
  function listing(file: string, config: string, seen: readonly string[] = []): Governing | undefined {
    const { governing, references } = read(config);
    if (governing.files.has(file)) return governing;
    if (seen.includes(config)) return undefined;
    for (const reference of references) {
      const found = existsSync(reference) ? listing(file, reference, [...seen, config]) : undefined;
      if (found) return found;
    }
    return undefined;
  }
  return (file) => {
    for (const given of givenTsconfigs) {
      const found = listing(file, given);
      if (found) return found;
    }
    const config = nearest(path.posix.dirname(file)) ?? givenTsconfigs[0];
    return config === undefined
      ? none(isUnder(root, file) ? root : path.posix.dirname(file))
      : (listing(file, config) ?? read(config).governing);
  };
}

function parsed(file: string): { readonly governing: Governing; readonly references: readonly string[] } {
  const directory = path.posix.dirname(file);
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  const { options, fileNames, projectReferences = [] } = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, directory, undefined, file);
  return {
    governing: { path: file, directory, options: normal(options, directory), files: new Set(fileNames) },
    references: projectReferences.map((each) => ts.resolveProjectReferencePath(each)),
  };
}

/** The options under which types are judged: what only concerns output is off, and what the project's compiler takes for granted is said. */
function normal(options: tsTypes.CompilerOptions, directory: string): tsTypes.CompilerOptions {
  const {
    composite,
    incremental: _incremental,
    tsBuildInfoFile: _info,
    outFile: _outFile,
    rootDir: _rootDir,
    emitDeclarationOnly: _only,
    allowJs: _js,
    checkJs: _checkJs,
    ...kept
  } = options;
  return {
    ...(usesCompilerBefore6(directory) ? before6(kept) : {}),
    ...kept,
    ...(composite && kept.declaration === undefined ? { declaration: true } : {}),
    noEmit: true,
    skipLibCheck: true,
    skipDefaultLibCheck: true,
    ignoreDeprecations: '6.0',
  };
}

/** TypeScript 6 changed what holds where a tsconfig is silent. */
function before6({ module, target }: tsTypes.CompilerOptions): tsTypes.CompilerOptions {
  const { ModuleKind, ModuleResolutionKind, ScriptTarget } = ts;
  const modern = target !== undefined && target >= ScriptTarget.ES2015;
  const kind = module ?? (modern ? ModuleKind.ES2015 : ModuleKind.CommonJS);
  return {
    strict: false,
    types: ['*'],
    module: kind,
    esModuleInterop: kind >= ModuleKind.Node16 && kind <= ModuleKind.NodeNext,
    ...(kind === ModuleKind.CommonJS ? { moduleResolution: ModuleResolutionKind.Node10 } : {}),
  };
}

function usesCompilerBefore6(directory: string): boolean {
  for (let at = directory; ; at = path.posix.dirname(at)) {
    const installed = jsonOf(`${at}/node_modules/typescript/package.json`).version;
    if (typeof installed === 'string') return Number.parseInt(installed, 10) < 6;
    const { devDependencies, dependencies } = jsonOf(`${at}/package.json`);
    const range = wanted(devDependencies) ?? wanted(dependencies);
    const major = range === undefined ? undefined : /\d+/.exec(range)?.[0];
    if (major !== undefined) return Number(major) < 6;
    if (path.posix.dirname(at) === at) return true;
  }
}

function wanted(dependencies: unknown): string | undefined {
  const range =
    typeof dependencies === 'object' && dependencies !== null ? (dependencies as Record<string, unknown>).typescript : undefined;
  return typeof range === 'string' ? range : undefined;
}
