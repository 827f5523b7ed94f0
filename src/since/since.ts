import { existsSync } from 'node:fs';
import path from 'node:path';
import { factsInMemory } from '../cache/facts-store.js';
import { type Config, loadNested, type NestedConfig } from '../config.js';
import { UsageError } from '../errors.js';
import { type LintOptions, lint } from '../lint.js';
import { absolute, isUnder, toPosix } from '../project/paths.js';
import { discoverProject } from '../project/project.js';
import { configDirectory } from '../project/targets.js';
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
export async function lintSince(given: LintOptions, since: Since, judge: Judge): Promise<Report> {
  const repository = repositoryOf(given.cwd);
  const ref = since.kind === 'staged' ? 'HEAD' : since.ref;
  const base = baseCommit(repository, ref);
  // One configuration, today's, judges both. Most files are the same in both.
  const nested = await loadNested(given.config, absolute(given.cwd, '.'), discoverProject(given).configDirectories);
  const options: LintOptions = { ...given, nested, store: given.store ?? factsInMemory() };
  const report = since.kind === 'staged' ? await lintIndex(options, repository, judge) : judge(await lint(options), options.cwd);
  const keep = since.kind === 'new-from' ? 'new' : 'touched';
  const same = (file: string): string => file;
  if (base === undefined) return broughtBy(report, { since: ref, changed: new Set(), nowAt: same, wasAt: same }, keep);
  const difference = differenceFrom(repository, base, since.kind === 'staged' ? 'index' : 'worktree');
  const before = await withSnapshot(repository, base, (root) => lintedBefore(formerly(options, repository, difference, root)));
  return broughtBy(report, { since: ref, ...inTerms(options, repository, difference), ...(before && { report: before }) }, keep);
}

function lintIndex(options: LintOptions, repository: Repository, judge: Judge): Promise<Report> {
  return withSnapshot(repository, 'index', async (root) => {
    const there = relocated(options, (place) => swapped(place, repository.root, root));
    return loaded(judge(await fromSnapshot(lint(there), root, repository.root), there.cwd));
  });
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

/** The same run elsewhere, given where a path of it lies there. What is no absolute path starts from one. */
function relocated(options: LintOptions, there: (place: string) => string): LintOptions {
  const moved = (place: string): string => (path.isAbsolute(place) ? there(toPosix(place)) : place);
  const layer = <L extends Config | NestedConfig['own']>(config: L): L => ({
    ...config,
    ...(config.source === undefined ? {} : { source: moved(config.source) }),
    sources: config.sources.map(moved),
    include: config.include.map(moved),
    exclude: config.exclude.map(moved),
    tsconfig: config.tsconfig.map(moved),
    overrides: config.overrides.map((each) => ({ ...each, directory: moved(each.directory) })),
  });
  return {
    ...options,
    cwd: moved(options.cwd),
    paths: options.paths.map(moved),
    config: layer(options.config),
    nested: options.nested?.map(({ directory, config, own }) => ({
      directory: moved(directory),
      config: layer(config),
      own: { ...layer(own), directory: moved(own.directory) },
    })),
  };
}

function swapped(place: string, from: string, to: string): string {
  return isUnder(from, place) ? path.posix.join(to, path.posix.relative(from, place)) : place;
}

/** The run as it would have been then: in the directory that the working directory was, over what was named. */
function formerly(options: LintOptions, { root }: Repository, difference: Difference, to: string): LintOptions {
  const was = (place: string): string =>
    isUnder(root, place) ? path.posix.join(to, formerPath(path.posix.relative(root, place), difference)) : place;
  // A path is one of now, a glob stays what it is.
  const named = options.paths.map((each) => (existsSync(path.resolve(options.cwd, each)) ? absolute(options.cwd, each) : each));
  const there = relocated({ ...options, paths: named }, was);
  // A tsconfig that is new was not there to be named.
  const tsconfig = there.config.tsconfig.filter((each) => existsSync(path.resolve(configDirectory(there.cwd, there.config), each)));
  const paths = there.paths.filter((each) => !path.isAbsolute(each) || existsSync(each));
  return { ...there, config: { ...there.config, tsconfig }, paths };
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
