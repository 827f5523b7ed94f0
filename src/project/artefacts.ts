import path from 'node:path';
import { globSync } from 'tinyglobby';
import { UsageError } from '../errors.js';
import { isFile } from '../on-disk.js';

/** The artefacts that are meant by files, the directories that hold them, or globs of either; `inside` is where in a directory they lie. */
export function artefactsAt(cwd: string, given: readonly string[], inside: string): readonly string[] {
  return [...new Set(given.flatMap((each) => artefactsOf(cwd, each, inside)))].sort();
}

function artefactsOf(cwd: string, given: string, inside: string): readonly string[] {
  const itself = artefactIn(path.resolve(cwd, given), inside);
  if (itself !== undefined) return [itself];
  const met = globSync([given], { cwd, absolute: true, dot: true, onlyFiles: false, expandDirectories: false });
  const found = met.flatMap((each) => artefactIn(each, inside) ?? []);
  if (found.length === 0) throw new UsageError(`${given} holds no ${inside} in ${cwd}: run aggro facts in each package first.`);
  return found;
}

function artefactIn(place: string, inside: string): string | undefined {
  return [place, path.join(place, inside)].find(isFile);
}
