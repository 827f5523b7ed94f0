import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config.js';
import { isFile } from '../on-disk.js';
import { excludePattern, type PathPattern, pathPattern } from './globs.js';
import { isLeftOutDirectory } from './left-out.js';
import { isUnder, realPathFrom } from './paths.js';
import { repositoryRoot } from './repository.js';
import { configDirectory, type Target } from './targets.js';
import { createTsconfigs, type Tsconfig, type Tsconfigs } from './tsconfig.js';
import { type Found, SOURCE, walk } from './walk.js';
import type { WorkspacePackage } from './workspaces.js';

/** A named thing with what was found there. */
export interface Scope {
  readonly target: Target;
  readonly directory: string;
  readonly repository: string;
  readonly files: readonly string[];
  /** Absent for a single file. */
  readonly found?: Found;
}

export interface Survey {
  readonly tsconfigs: Tsconfigs;
  /** The sources that were named. */
  readonly look: (target: Target) => Scope;
  /** The rest of the program: what the tsconfigs and packages hold outside. */
  readonly beyond: (scopes: readonly Scope[], configs: readonly Tsconfig[], packages: readonly WorkspacePackage[]) => readonly string[];
  /** Where the symbolic links lead that were come across. */
  readonly links: () => ReadonlyMap<string, string>;
}

/** Looks into directories, each once, with the configuration's eyes. */
export function createSurvey(cwd: string, paths: readonly string[], config: Config): Survey {
  const tsconfigs = createTsconfigs(cwd);
  const from = configDirectory(cwd, config);
  const includes = config.include.map((each) => pathPattern(from, each));
  const isIncluded = (file: string) => includes.length === 0 || includes.some(({ matches }) => matches(file));
  const excludes = matchesAny([
    ...config.exclude.filter((each) => !each.startsWith('!')).map((each) => excludePattern(from, each)),
    ...paths.filter((each) => each.startsWith('!')).map((each) => excludePattern(cwd, each.slice(1))),
  ]);
  const keeps = matchesAny(config.exclude.filter((each) => each.startsWith('!')).map((each) => excludePattern(from, each.slice(1))));
  const walked = new Map<string, Found>();

  function walkOnce(root: string, repository: string): Found {
    const found = walked.get(root) ?? walk(root, { repository, tsconfigs, excludes, keeps });
    walked.set(root, found);
    return found;
  }

  function look(target: Target): Scope {
    const { base, matches } = target.path;
    if (target.kind === 'file') {
      const directory = path.posix.dirname(base);
      return { target, directory, repository: repositoryRoot(directory), files: SOURCE.test(base) && isIncluded(base) ? [base] : [] };
    }
    const directory = canonical(base, cwd);
    const repository = repositoryRoot(directory);
    const select = (found: Found) => sourcesOf(found).filter((file) => matches(file) && isIncluded(file));
    const found = walkOnce(directory, repository);
    const files = target.kind === 'directory' && directory !== base ? sourcesOf(found).filter(isIncluded) : select(found);
    if (files.length > 0 || target.kind !== 'glob') return { target, directory, repository, files, found };
    // A glob that matches nothing but what is left out by default means it: `**/*.spec.ts`.
    const all = walk(directory, { repository, tsconfigs, excludes, keeps: (file) => !/\/(?:node_modules|\.git)$/.test(file) });
    return { target, directory, repository, files: select(all), found };
  }

  function beyond(scopes: readonly Scope[], configs: readonly Tsconfig[], packages: readonly WorkspacePackage[]): readonly string[] {
    const complete = scopes.flatMap(({ target, directory }) => (target.kind === 'directory' ? [directory] : []));
    const repositories = [...new Set(scopes.map(({ repository }) => repository))];
    const repositoryOf = (file: string) => repositories.find((each) => isUnder(each, file));
    function under(root: string, matches: (file: string) => boolean = () => true): readonly string[] {
      const repository = repositoryOf(root);
      if (repository === undefined || complete.some((each) => isUnder(each, root))) return [];
      return sourcesOf(walkOnce(root, repository)).filter((file) => matches(file) && isIncluded(file));
    }
    const listed = (file: string) =>
      SOURCE.test(file) && repositoryOf(file) !== undefined && isIncluded(file) && !excludes(file) && isFile(file) ? [file] : [];
    const ofConfigs = configs.flatMap((each) => [
      ...each.files.flatMap(listed),
      ...each.include
        .filter((pattern) => !isTestOf(each, pattern))
        .flatMap(({ base, matches }) => (SOURCE.test(base) ? listed(base) : under(base, matches))),
    ]);
    const linked = scopes.flatMap(({ found }) => found?.linkedDirectories ?? []).filter((each) => !each.includes('/node_modules/'));
    return [...ofConfigs, ...packages.flatMap(({ dir }) => under(dir)), ...linked.flatMap((each) => under(each))];
  }

  function links(): ReadonlyMap<string, string> {
    return new Map([...walked.values()].flatMap((found) => [...found.links]));
  }

  return { tsconfigs, look, beyond, links };
}

/** A tsconfig may include its tests by name; that does not make them part of somebody else's program. */
function isTestOf({ directory }: Tsconfig, { base }: PathPattern): boolean {
  return (
    isUnder(directory, base) &&
    base
      .slice(directory.length)
      .split('/')
      .some((name) => name !== '' && isLeftOutDirectory(name, false))
  );
}

function sourcesOf({ files, links }: Found): readonly string[] {
  return links.size === 0 ? files : [...files, ...links.keys()];
}

/** A named symbolic link to a directory in here is that directory: its files count once. */
function canonical(directory: string, cwd: string): string {
  if (!existsSync(directory)) return directory;
  const real = realPathFrom(cwd, directory);
  return isUnder(cwd, real) ? real : directory;
}

function matchesAny(patterns: readonly PathPattern[]): (file: string) => boolean {
  return (file) => patterns.some(({ matches }) => matches(file));
}
