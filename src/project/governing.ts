import { existsSync } from 'node:fs';
import { UsageError } from '../errors.js';
import { isFile } from '../on-disk.js';
import { absolute, ancestors } from './paths.js';
import type { Scope } from './survey.js';
import type { Tsconfig, Tsconfigs } from './tsconfig.js';

/**
 * The tsconfigs in a directory that was named, and the nearest above whose project holds any of the files. A tsconfig
 * above that includes none of them does not govern them: fixtures/ under a tsconfig for src/.
 */
export function tsconfigsOf({ directory, repository, files, found }: Scope, tsconfigs: Tsconfigs): readonly Tsconfig[] {
  const below = (found?.tsconfigs ?? []).flatMap((each) => tsconfigs.closure(each));
  for (const above of ancestors(directory, repository)) {
    if (!existsSync(`${above}/tsconfig.json`)) continue;
    const holding = tsconfigs
      .closure(`${above}/tsconfig.json`)
      .filter(({ files: listed, include }) => files.some((file) => listed.includes(file) || include.some(({ matches }) => matches(file))));
    if (holding.length > 0) return [...below, ...holding.flatMap((each) => tsconfigs.closure(each.path))];
  }
  return below;
}

export function givenTsconfig(from: string, given: string): string {
  const file = absolute(from, given);
  const found = [file, `${file}/tsconfig.json`].find(isFile);
  if (found === undefined) throw new UsageError(`The tsconfig ${given} that the configuration names does not exist in ${from}.`);
  return found;
}
