import { isBuiltin } from 'node:module';
import type { Project as MorphProject, ts as morphTs } from 'ts-morph';
import { ts, type tsTypes } from '../facts/compiler.js';
import type { Governing } from './governing.js';

/** The program of one tsconfig, its types real, its text that of the workspace. */
export interface Compilation {
  readonly governing: Governing;
  readonly service: tsTypes.LanguageService;
  /** As the text is now. A program that was asked for before stays as it was. */
  readonly program: () => tsTypes.Program;
  readonly write: (file: string, text: string) => void;
  readonly remove: (file: string) => void;
  /** Specifiers that lead nowhere: dependencies that are not installed. */
  readonly unresolved: () => readonly string[];
}

export interface CompilationInput {
  readonly governing: Governing;
  /** Absolute paths: what the tsconfig lists, and what else it governs. */
  readonly roots: readonly string[];
  readonly textOf: (file: string) => string | undefined;
  /** Where the project's own linking leads: a workspace package means its sources, not what was last built of them. */
  readonly resolveOwn: (fromFile: string, specifier: string) => string | undefined;
  readonly onImport: (fromFile: string, toFile: string) => void;
}

/** Loads ts-morph: only where there is something to fix. */
export async function compile({ governing, roots, textOf, resolveOwn, onImport }: CompilationInput): Promise<Compilation> {
  const { Project } = await import('ts-morph');
  const unresolved = new Set<string>();
  const project: MorphProject = new Project({
    compilerOptions: governing.options as morphTs.CompilerOptions,
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    resolutionHost: (host, options) => {
      const resolve = resolution(host as tsTypes.ModuleResolutionHost, options as () => tsTypes.CompilerOptions, resolveOwn);
      return {
        resolveModuleNames: (names, containing, _reused, redirected, _options, source) =>
          names.map((name, i) => {
            const found = resolve(
              name,
              containing,
              i,
              source as tsTypes.SourceFile | undefined,
              redirected as tsTypes.ResolvedProjectReference | undefined,
            );
            if (found) onImport(containing, found.resolvedFileName);
            else if (!name.startsWith('.')) unresolved.add(name);
            return found as morphTs.ResolvedModule | undefined;
          }),
      };
    },
  });
  for (const file of roots) {
    const text = textOf(file);
    if (text !== undefined) project.createSourceFile(file, text, { overwrite: true });
  }
  const service = project.getLanguageService().compilerObject as tsTypes.LanguageService;
  return {
    governing,
    service,
    program: () => {
      const program = service.getProgram();
      if (!program) throw new Error('the compiler gave no program');
      return program;
    },
    write: (file, text) => {
      project.createSourceFile(file, text, { overwrite: true });
    },
    remove: (file) => {
      const source = project.getSourceFile(file);
      if (source) project.removeSourceFile(source);
    },
    unresolved: () => {
      const ambient = new Set(
        service
          .getProgram()
          ?.getTypeChecker()
          .getAmbientModules()
          .map((each) => each.name.replaceAll('"', '')),
      );
      return [...unresolved].filter((name) => !isBuiltin(name) && !ambient.has(name));
    },
  };
}

type Resolve = (
  name: string,
  containing: string,
  index: number,
  source: tsTypes.SourceFile | undefined,
  redirected: tsTypes.ResolvedProjectReference | undefined,
) => tsTypes.ResolvedModuleFull | undefined;

function resolution(
  host: tsTypes.ModuleResolutionHost,
  optionsOf: () => tsTypes.CompilerOptions,
  resolveOwn: CompilationInput['resolveOwn'],
): Resolve {
  const cache = ts.createModuleResolutionCache('/', (name) => name, optionsOf());
  return (name, containing, index, source, redirected) => {
    const own = resolveOwn(containing, name);
    if (own !== undefined) return { resolvedFileName: own, extension: extensionOf(own), isExternalLibraryImport: false };
    const options = optionsOf();
    const mode = source ? ts.getModeForResolutionAtIndex(source, index, options) : undefined;
    return ts.resolveModuleName(name, containing, options, host, cache, redirected, mode).resolvedModule;
  };
}

function extensionOf(file: string): tsTypes.Extension {
  return (/\.d\.[cm]?ts$/.exec(file)?.[0] ?? /\.[cm]?tsx?$/.exec(file)?.[0] ?? '.ts') as tsTypes.Extension;
}
