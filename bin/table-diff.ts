import { existsSync } from 'node:fs';
import path from 'node:path';
import { NothingToRead, UsageError } from '../src/errors.js';
import { treeAt } from '../src/project/at-ref.js';
import { type BoundaryDiff, boundaryDiff } from '../src/report/boundary-diff.js';
import type { Report } from '../src/report/report.js';
import { analyzedAside, directoryOf } from './analysis.js';
import type { ProjectOptions } from './options.js';

/** What changed in the boundaries between a git ref and the working tree, under one configuration: today's. */
export async function diffSince(
  ref: string,
  after: Report,
  paths: readonly string[],
  options: ProjectOptions,
  named?: string,
): Promise<BoundaryDiff> {
  const cwd = directoryOf(options);
  const tree = treeAt(ref, cwd);
  try {
    const before = tree.cwd === undefined ? undefined : await past(tree.cwd, cwd, paths, options);
    return boundaryDiff(ref, before, after, named);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`At ${ref}: ${error.message}`) : error;
  } finally {
    tree.dispose();
  }
}

/** Undefined where there was nothing yet: no source under the paths given. */
async function past(then: string, cwd: string, paths: readonly string[], options: ProjectOptions): Promise<Report | undefined> {
  const moved = paths.map((each) => (path.isAbsolute(each) ? path.relative(cwd, each) || '.' : each));
  const there = moved.filter((each, index) => existsSync(path.resolve(then, each)) || !existsSync(path.resolve(cwd, paths[index] ?? '')));
  if (there.length === 0 && paths.length > 0) return undefined;
  try {
    return await analyzedAside(then, there, options);
  } catch (error) {
    if (error instanceof NothingToRead) return undefined;
    throw error;
  }
}
