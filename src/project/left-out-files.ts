import path from 'node:path';
import type { Config, NestedConfig } from '../config.js';
import { excludePattern, pathPattern } from './globs.js';
import { isLeftOutDirectory, isLeftOutFile } from './left-out.js';
import { isUnder } from './paths.js';
import type { Project } from './project.js';
import { repositoryRoot } from './repository.js';
import { configDirectory } from './targets.js';
import { createTsconfigs } from './tsconfig.js';
import { walk } from './walk.js';

export interface LeftOut {
  /** Absolute. */
  readonly file: string;
  readonly why: string;
}

/** TypeScript below the working directory that is not read, with the reason; what git ignores and dependencies are not listed. */
export function leftOutFiles(project: Project, config: Config, nested: readonly NestedConfig[]): readonly LeftOut[] {
  const { cwd } = project;
  const read = new Set(project.files);
  const all = walk(cwd, {
    repository: repositoryRoot(cwd),
    tsconfigs: createTsconfigs(cwd),
    excludes: () => false,
    keeps: (file) => !/\/(?:node_modules|\.git)$/.test(file),
  });
  const why = reasons(cwd, config, nested);
  return all.files.filter((file) => !read.has(file)).map((file) => ({ file, why: why(file) }));
}

function reasons(cwd: string, config: Config, nested: readonly NestedConfig[]): (file: string) => string {
  const from = configDirectory(cwd, config);
  const areas = [{ directory: from, config }, ...nested.map(({ directory, own }) => ({ directory, config: own }))];
  const excludes = areas.flatMap(({ directory, config: { exclude } }) =>
    exclude.filter((glob) => !glob.startsWith('!')).map((glob) => ({ glob, directory, ...excludePattern(directory, glob) })),
  );
  const includes = areas
    .filter(({ config: { include } }) => include.length > 0)
    .map(({ directory, config: { include } }) => ({ directory, patterns: include.map((glob) => pathPattern(directory, glob)) }));
  return (file) => {
    const excluded = excludes.find(({ directory, matches }) => (directory === from || isUnder(directory, file)) && matches(file));
    if (excluded) return `exclude: ${excluded.glob}`;
    if (isLeftOutFile(path.posix.basename(file))) return 'tests, stories and generated files by their name';
    const below = file
      .slice(cwd.length + 1)
      .split('/')
      .slice(0, -1);
    const folder = below.find((name) => isLeftOutDirectory(name, true));
    if (folder !== undefined) return `folders named ${folder}`;
    const narrow = includes.some(({ directory, patterns }) => isUnder(directory, file) && !patterns.some(({ matches }) => matches(file)));
    return narrow ? 'not among include' : 'not below the paths given, or output of a tsconfig';
  };
}
