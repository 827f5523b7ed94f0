import { realpathSync } from 'node:fs';
import path from 'node:path';
import { createHomes, type Home } from './homes.js';
import { firstOf, memoised } from './lookup.js';
import { moduleFile } from './module-file.js';
import { importTargets, type Package, packageEntry, sourceOf } from './package-entry.js';
import { ancestors, toPosix } from './paths.js';
import type { Project } from './project.js';

/** The project source that a specifier means, or undefined: a dependency, something else than TypeScript, a file left out. */
export type Resolve = (fromFile: string, specifier: string) => string | undefined;

/** Asks the list of files instead of the disk, so resolving a relative import costs no system call. */
export function createResolver(project: Pick<Project, 'cwd' | 'files' | 'givenTsconfigs' | 'workspaces'>): Resolve {
  const sources = new Set(project.files);
  const has = (file: string) => sources.has(file);
  const inAnyCase = caseless(project.files);
  const packages = new Map(project.workspaces.toReversed().map((each): [string, Package] => [each.name, each]));
  const homeOf = createHomes(project.cwd, project.givenTsconfigs);
  const throughLinks = memoised((file) => {
    const real = realPath(file);
    return real !== undefined && has(real) ? real : undefined;
  });

  function relative(target: string): string | undefined {
    const found = moduleFile(target, has) ?? moduleFile(target, (file) => throughLinks(file) !== undefined);
    // Written on a disk that does not tell `user` from `User`.
    if (found === undefined) return inAnyCase().get(moduleFile(target.toLowerCase(), (file) => inAnyCase().has(file)) ?? '');
    return found === undefined || has(found) ? found : throughLinks(found);
  }
  function bare(from: Home, specifier: string): string | undefined {
    return (
      firstOf(from.aliases(specifier), (target) => moduleFile(target, has)) ?? ofPackage(from, specifier) ?? ofImports(from, specifier)
    );
  }
  function ofPackage(from: Home, specifier: string): string | undefined {
    const [, name, rest] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(specifier) ?? [];
    if (name === undefined) return undefined;
    const found = from.package?.packageJson.name === name ? from.package : packages.get(name);
    return found && packageEntry(found, rest === undefined ? '.' : `.${rest}`, has);
  }
  function ofImports(from: Home, specifier: string): string | undefined {
    const own = specifier.startsWith('#') ? from.package : undefined;
    return (
      own &&
      firstOf(importTargets(own, specifier), (target) =>
        target.startsWith('.') ? sourceOf(own.dir, target, has) : ofPackage(from, target),
      )
    );
  }
  function ofConvention(directory: string, rest: string): string | undefined {
    return firstOf(ancestors(directory, homeOf(directory).repository), (each) => {
      const within = path.posix.basename(each) === 'src' ? moduleFile(`${each}/${rest}`, has) : undefined;
      return within ?? moduleFile(`${each}/src/${rest}`, has);
    });
  }

  const memo = new Map<string, string | undefined>();
  function once(from: string, specifier: string, resolve: () => string | undefined): string | undefined {
    const key = `${from}\0${specifier}`;
    if (!memo.has(key)) memo.set(key, resolve());
    return memo.get(key);
  }
  return (fromFile, specifier) => {
    const directory = path.posix.dirname(fromFile);
    if (RELATIVE.test(specifier)) return once(directory, specifier, () => relative(joined(directory, specifier)));
    const home = homeOf(directory);
    const found = once(home.directory, specifier, () => bare(home, specifier));
    const rest = found === undefined ? BY_CONVENTION.exec(specifier)?.[1] : undefined;
    return rest === undefined ? found : once(directory, specifier, () => ofConvention(directory, rest));
  };
}

/** Files by their lower-cased path, those left out that differ in nothing else. Made when first asked for. */
function caseless(files: readonly string[]): () => ReadonlyMap<string, string> {
  let index: Map<string, string> | undefined;
  return () => {
    if (index) return index;
    const made = new Map<string, string>();
    const twice = new Set<string>();
    for (const file of files) {
      const key = file.toLowerCase();
      if (made.has(key)) twice.add(key);
      made.set(key, file);
    }
    for (const key of twice) made.delete(key);
    index = made;
    return made;
  };
}

const RELATIVE = /^\.{0,2}(?:\/|$)/;
/** Aliases that a bundler or a test runner defines in settings of its own; no package can have these names. */
const BY_CONVENTION = /^(?:src|@|~)\/(.+)$/;

/** Keeps a trailing slash, and sees to it that `.` and `..` mean directories. */
function joined(directory: string, specifier: string): string {
  const target = path.posix.resolve(directory, specifier);
  return /(?:^|\/)\.{0,2}$/.test(specifier) ? `${target}/` : target;
}

function realPath(file: string): string | undefined {
  try {
    return toPosix(realpathSync(file));
  } catch {
    return undefined;
  }
}
