import { existsSync } from 'node:fs';
import path from 'node:path';
import { moved } from '../config.js';
import { UsageError } from '../errors.js';
import type { FileFacts } from '../facts/facts.js';
import { type LintOptions, lint } from '../lint.js';
import { isUnder, toPosix } from '../project/paths.js';
import type { Report } from '../report/report.js';
import { type Before, broughtBy } from './brought.js';
import { baseCommit, type Difference, differenceFrom, type Repository, repositoryOf } from './git.js';
import { withSnapshot } from './snapshot.js';

/** What to compare, and what of it to report. */
export type Since =
  /** Findings that are new since the branch left REF. */
  | { readonly kind: 'new-from'; readonly ref: string }
  /** Findings that are new, said otherwise, or in files that were changed since REF. */
  | { readonly kind: 'changed'; readonly ref: string }
  /** The same of what is about to be committed; the index is judged, not the working tree. */
  | { readonly kind: 'staged' };

export type Judge = (report: Report, cwd: string) => Report;

/**
 * Lints the whole program as it is and as it was, and keeps what the change brought. `judge` has its say in between: a baseline
 * knows its findings wherever they come from.
 */
export async function lintSince(options: LintOptions, since: Since, judge: Judge): Promise<Report> {
  const repository = repositoryOf(options.cwd);
  const ref = since.kind === 'staged' ? 'HEAD' : since.ref;
  const base = baseCommit(repository, ref);
  // Most files are the same before and after.
  const remembered = new Map<string, FileFacts>();
  const now = async (): Promise<Report> =>
    since.kind === 'staged'
      ? withSnapshot(repository, 'index', async (root) => {
          const there = relocated(options, repository.root, root);
          return loaded(judge(await fromSnapshot(lint({ ...there, remembered }), root, repository.root), there.cwd));
        })
      : judge(await lint({ ...options, remembered }), options.cwd);
  const report = await now();
  const keep = since.kind === 'new-from' ? 'new' : 'touched';
  const same = (file: string): string => file;
  if (base === undefined) return broughtBy(report, { since: ref, changed: new Set(), nowAt: same, wasAt: same }, keep);
  const difference = differenceFrom(repository, base, since.kind === 'staged' ? 'index' : 'worktree');
  const before = await withSnapshot(repository, base, (root) =>
    lintedBefore({ ...formerly(options, repository, difference, root), remembered }),
  );
  return broughtBy(report, { since: ref, ...inTerms(options, repository, difference), ...(before && { report: before }) }, keep);
}

/** Nothing to read in what was there before is no mistake of the user. */
async function lintedBefore(options: LintOptions): Promise<Report | undefined> {
  try {
    return await lint({ ...options, onProgress: undefined });
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** The same run in another directory. */
function relocated(options: LintOptions, from: string, to: string): LintOptions {
  const there = (file: string): string =>
    path.isAbsolute(file) && isUnder(from, toPosix(file)) ? path.posix.join(to, path.posix.relative(from, toPosix(file))) : file;
  return { ...options, cwd: there(options.cwd), paths: options.paths.map(there), config: moved(options.config, there) };
}

/** The run as it would have been then: in the directory that the working directory was, over what was named. */
function formerly(options: LintOptions, { root }: Repository, difference: Difference, to: string): LintOptions {
  const there = relocated(options, root, to);
  const was = (place: string): string => path.posix.join(to, formerPath(path.posix.relative(root, toPosix(place)), difference));
  // A path is one of now, a glob stays what it is.
  const paths = options.paths.map((each) => (existsSync(path.resolve(options.cwd, each)) ? was(path.resolve(options.cwd, each)) : each));
  return { ...there, cwd: was(options.cwd), paths: paths.filter((each) => !path.isAbsolute(each) || existsSync(each)) };
}

/** Where a file or directory was; a directory went along with what was moved out of it. */
function formerPath(place: string, { moved }: Difference): string {
  for (const [from, to] of moved) {
    if (to === place) return from;
    if (!to.startsWith(`${place}/`)) continue;
    const rest = to.slice(place.length);
    if (from.endsWith(rest)) return from.slice(0, from.length - rest.length);
  }
  return place;
}

/** The difference as seen from the working directory, now and then. */
function inTerms({ cwd }: LintOptions, { root }: Repository, difference: Difference): Pick<Before, 'changed' | 'nowAt' | 'wasAt'> {
  const { changed, moved } = difference;
  const here = path.posix.relative(root, toPosix(cwd));
  const there = formerPath(here, difference);
  const former = new Map([...moved].map(([from, to]) => [to, from]));
  const rebase = (file: string, from: string, to: string, at: ReadonlyMap<string, string>): string => {
    const place = path.posix.join(from, file);
    return path.posix.relative(to, at.get(place) ?? place);
  };
  return {
    changed: new Set([...changed].map((file) => path.posix.relative(here, file))),
    nowAt: (file) => rebase(file, there, here, moved),
    wasAt: (file) => rebase(file, here, there, former),
  };
}

/** A snapshot is gone when the report is printed. */
function loaded(report: Report): Report {
  const places = [...report.violations, ...report.suppressed].flatMap(({ at, related }) => [at, ...related.map((each) => each.at)]);
  const texts = new Map([...new Set(places.map(({ file }) => file))].map((file) => [file, report.sourceOf(file)]));
  return { ...report, sourceOf: (file) => texts.get(file) };
}

/** Nobody should read of a directory that is gone. */
async function fromSnapshot(report: Promise<Report>, root: string, real: string): Promise<Report> {
  try {
    return await report;
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(error.message.replaceAll(root, real)) : error;
  }
}
