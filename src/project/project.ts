import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config.js';
import { UsageError } from '../errors.js';
import { givenTsconfig, tsconfigsOf } from './governing.js';
import { absolute, ancestors } from './paths.js';
import { repositoryRoot } from './repository.js';
import { createSurvey, type Scope } from './survey.js';
import { configDirectory, targetsOf } from './targets.js';
import { SOURCE } from './walk.js';
import { dependenciesOf, type WorkspacePackage, workspacePackages } from './workspaces.js';

/** The code that is looked at. */
export interface Project {
  /** Absolute. */
  readonly cwd: string;
  /** The program: absolute posix paths of TypeScript sources, sorted, unique. */
  readonly files: readonly string[];
  /** Whether findings in this file are reported: it lies under the paths given. */
  readonly inScope: (file: string) => boolean;
  readonly tsconfigs: readonly string[];
  /** Those that the configuration names; they come before any that lie beside the sources. */
  readonly givenTsconfigs: readonly string[];
  readonly workspaces: readonly WorkspacePackage[];
  /** Where a configuration may lie that is not the run's: in the paths given and above them. */
  readonly configDirectories: readonly string[];
  /** Under the paths given, or where Prisma looks for one above them. */
  readonly prismaSchemas: readonly string[];
  readonly notices: readonly string[];
}

export interface DiscoverOptions {
  readonly cwd: string;
  /** Files, directories or globs; none means the working directory. */
  readonly paths: readonly string[];
  readonly config: Config;
}

/**
 * What is named decides what is read: all TypeScript under it, whatever a tsconfig includes, so that a solution-style or
 * misconfigured tsconfig can never silently make it zero files. tsconfigs and workspace dependencies only add: the rest
 * of the program, so that a base class outside the scope is still known. `exclude` of a tsconfig is not asked, since a
 * compiler reads excluded files as soon as they are imported; its `outDir` is left out.
 */
export function discoverProject({ cwd: given, paths, config }: DiscoverOptions): Project {
  const cwd = absolute(given, '.');
  const survey = createSurvey(cwd, paths, config);
  const targets = targetsOf(cwd, paths, config);
  const scopes = targets.map((target) => survey.look(target));
  refuseEmptyGlobs(scopes, config);
  const scoped = unique(scopes.flatMap(({ files }) => files));

  const { packages: workspaces, notices: patternsLeft } = workspacePackages(
    scopes.flatMap(({ directory, repository, found }) => [...ancestors(directory, repository), ...(found?.packages ?? [])]),
  );
  const givenTsconfigs = config.tsconfig.map((each) => givenTsconfig(configDirectory(cwd, config), each));
  const tsconfigs = uniqueBy(
    givenTsconfigs.length > 0
      ? givenTsconfigs.flatMap((each) => survey.tsconfigs.closure(each))
      : scopes.flatMap((scope) => tsconfigsOf(scope, survey.tsconfigs)),
    (each) => each.path,
  );
  const needed = [...new Set(scopes.map(({ directory }) => directory))].flatMap((directory) =>
    dependenciesOf(directory, repositoryRoot(directory), workspaces),
  );
  const program = [...scoped, ...survey.beyond(scopes, tsconfigs, [...new Set(needed)])];
  const once = sameFileOnce(program, survey.links());

  const files = unique(program.map(once)).sort();
  const inScope = new Set(scoped.map(once));
  return {
    cwd,
    files,
    inScope: (file) => inScope.has(file),
    tsconfigs: tsconfigs.map((each) => each.path).sort(),
    givenTsconfigs,
    workspaces,
    configDirectories: unique(
      scopes.flatMap(({ directory, repository, found }) => [
        ...ancestors(directory, repository),
        ...(found?.packages ?? []),
        ...(found?.configured ?? []),
      ]),
    ),
    prismaSchemas: unique([...scopes.flatMap(({ found }) => found?.prismaSchemas ?? []), ...scopes.flatMap(schemaAbove)]).sort(),
    notices: [...noticesAbout(scopes, cwd, config), ...survey.tsconfigs.notices(), ...patternsLeft],
  };
}

function schemaAbove({ directory, repository }: Scope): readonly string[] {
  return ancestors(directory, repository).flatMap((each) =>
    ['prisma/schema.prisma', 'schema.prisma'].map((name) => `${each}/${name}`).filter((file) => existsSync(file)),
  );
}

/** The one path under which a file counts: its own if that is in the program, else that of the first link to it. */
function sameFileOnce(program: readonly string[], links: ReadonlyMap<string, string>): (file: string) => string {
  const kept = new Map<string, string>();
  for (const file of program) {
    const real = links.get(file);
    if (real === undefined) kept.set(file, file);
    else if (!kept.has(real)) kept.set(real, file);
  }
  return (file) => kept.get(links.get(file) ?? file) ?? file;
}

/** A glob in the configuration may be ahead of the code; one that was typed is a mistake. */
function refuseEmptyGlobs(scopes: readonly Scope[], config: Config): void {
  const empty = scopes.find(({ target, files }) => target.kind === 'glob' && files.length === 0 && !config.include.includes(target.given));
  if (!empty) return;
  throw new UsageError(
    `${empty.target.given} matches no TypeScript file under ${empty.directory}; check its spelling, and name a directory to lint all of it.`,
  );
}

const LEFT_OUT = 'tests, fixtures, migrations, generated files, build output and what git ignores are left out unless they are named';

function noticesAbout(scopes: readonly Scope[], cwd: string, config: Config): readonly string[] {
  const empty = scopes.filter(({ files }) => files.length === 0);
  return empty.map(({ target: { given, kind, path: pattern } }) => {
    if (kind === 'glob') return `include: ${given} matches no TypeScript file (${LEFT_OUT}).`;
    if (kind === 'file' && !SOURCE.test(pattern.base)) return `${given} is not read: aggro reads .ts, .tsx, .mts and .cts.`;
    const where = path.posix.relative(cwd, pattern.base) || pattern.base;
    return `There is no TypeScript file to lint in ${where}${config.include.length > 0 ? ' that the configuration includes' : ''} (${LEFT_OUT}).`;
  });
}

function unique(files: readonly string[]): string[] {
  return [...new Set(files)];
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
