import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { memoised } from './lookup.js';
import type { Package } from './package-entry.js';
import { ancestors } from './paths.js';
import { jsonOf, repositoryRoot } from './repository.js';
import { createTsconfigs, type PathMapping, type Tsconfig } from './tsconfig.js';

/** A directory with settings of its own: in it and below it, up to the next such, a bare specifier means the same. */
export interface Home {
  readonly directory: string;
  readonly repository: string;
  /** Which paths a specifier may mean by `paths` and `baseUrl`, the likeliest first. */
  readonly aliases: (specifier: string) => readonly string[];
  readonly package?: Package;
}

/**
 * Asks the tsconfigs in the home and in all directories above it, nearest first, and not only the one that governs the
 * file: where the nearest knows the alias that costs nothing, and where it doesn't, a tsconfig.base.json or tsconfig.app.json may.
 */
export function createHomes(cwd: string, givenTsconfigs: readonly string[]): (directory: string) => Home {
  const { closure } = createTsconfigs(cwd);
  const given = givenTsconfigs.flatMap(closure);
  const tsconfigsIn = memoised((directory) => tsconfigNames(directory).flatMap((name) => closure(`${directory}/${name}`)));

  const homeOf = memoised((directory: string): Home => {
    const parent = path.posix.dirname(directory);
    return isHome(directory) || directory === cwd || parent === directory ? createHome(directory) : homeOf(parent);
  });
  function createHome(directory: string): Home {
    const repository = repositoryRoot(directory);
    const up = ancestors(directory, repository);
    const packageDirectory = up.find((each) => existsSync(`${each}/package.json`));
    const speaking = [...given, ...up.flatMap(tsconfigsIn)].filter(({ paths, baseUrl }) => paths.length > 0 || baseUrl !== undefined);
    return {
      directory,
      repository,
      aliases: (specifier) => [...new Set(speaking.flatMap((each) => meanings(each, specifier)))],
      ...(packageDirectory === undefined
        ? {}
        : { package: { dir: packageDirectory, packageJson: jsonOf(`${packageDirectory}/package.json`) } }),
    };
  }
  return homeOf;
}

function isHome(directory: string): boolean {
  return ['package.json', '.git'].some((name) => existsSync(`${directory}/${name}`)) || tsconfigNames(directory).length > 0;
}

function tsconfigNames(directory: string): readonly string[] {
  try {
    const names = readdirSync(directory).filter((name) => /^tsconfig.*\.json$/.test(name));
    return names.toSorted((a, b) => Number(b === 'tsconfig.json') - Number(a === 'tsconfig.json') || (a < b ? -1 : 1));
  } catch {
    return [];
  }
}

function meanings({ paths, baseUrl }: Tsconfig, specifier: string): readonly string[] {
  return [...mapped(paths, specifier), ...(baseUrl === undefined ? [] : [`${baseUrl}/${specifier}`])];
}

/** As TypeScript does it: an exact alias, else the one with the longest text before its `*`. */
function mapped(paths: readonly PathMapping[], specifier: string): readonly string[] {
  const exact = paths.find(({ alias }) => alias === specifier);
  if (exact) return exact.targets;
  let best: { before: string; after: string; targets: readonly string[] } | undefined;
  for (const { alias, targets } of paths) {
    const [before, after] = alias.split('*');
    if (before === undefined || after === undefined || !specifier.startsWith(before) || !specifier.endsWith(after)) continue;
    if (specifier.length >= before.length + after.length && (!best || before.length > best.before.length))
      best = { before, after, targets };
  }
  const rest = best ? specifier.slice(best.before.length, specifier.length - best.after.length) : '';
  return best?.targets.map((target) => target.replace('*', () => rest)) ?? [];
}
