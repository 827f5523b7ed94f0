import path from 'node:path';
import { suppress } from './allow/suppressions.js';
import { violationsOf } from './allow/violations.js';
import { check } from './check.js';
import { type Config, loadNested, type NestedConfig } from './config.js';
import { NothingToRead } from './errors.js';
import type { FileFacts, OpenReceiver, PrismaSchema } from './facts/facts.js';
import { extractPrisma } from './facts/prisma-schema.js';
import { allRules } from './load-rules.js';
import { type BuildOptions, buildModel } from './model/build.js';
import type { DomainModel } from './model/domain-model.js';
import { onDemand, replaced } from './model/lazy.js';
import { NO_RULES, type Policy, policyOf } from './policy.js';
import { globMatcher } from './project/glob-matcher.js';
import { createHomes } from './project/homes.js';
import { narrowed } from './project/narrowed.js';
import { discoverProject, type Project } from './project/project.js';
import { readSource } from './project/read-source.js';
import { createResolver } from './project/resolve.js';
import { type ReadOptions, readFacts } from './read-facts.js';
import type { Failure, Report, RuleInfo, Work } from './report/report.js';
import type { Rule } from './rule.js';
import { type Stopwatch, stopwatch } from './stopwatch.js';
import { version } from './version.js';

export interface LintOptions extends ReadOptions {
  readonly cwd: string;
  /** Files, directories or globs whose findings are reported; none means the working directory. */
  readonly paths: readonly string[];
  readonly config: Config;
  /** Configurations below, instead of those that are found there. */
  readonly nested?: readonly NestedConfig[] | undefined;
  /** Instead of those that are shipped and those that the configuration names. */
  readonly rules?: readonly Rule[] | undefined;
  readonly preset?: 'recommended' | 'strict' | 'all' | undefined;
  readonly severities?: ReadonlyMap<string, 'off' | 'info' | 'warning' | 'error'> | undefined;
  /** `full` lets the type checker answer for the receivers that linking leaves open. */
  readonly types?: 'links' | 'full' | undefined;
}

/** The whole line: config → project → facts → model → rules → allow → report. */
export async function lint(options: LintOptions): Promise<Report> {
  return report(options, (understood) => policyFor(understood, options));
}

/** The model without a judgement. */
export async function analyze(options: LintOptions): Promise<Report> {
  return report(options, async () => NO_RULES);
}

export async function policyFor({ config, nested, facts }: Understood, options: LintOptions): Promise<Policy> {
  const files = facts.map(({ file }) => file);
  const { rules } = options;
  return policyOf(rules ? { all: rules, of: () => rules } : await allRules([config, ...nested.map((each) => each.config)]), files, {
    ...options,
    nested,
  });
}

async function report(options: LintOptions, policyOfRun: (understood: Understood) => Promise<Policy>): Promise<Report> {
  const clock = stopwatch();
  const understood = await understand(options, clock);
  const { project, facts, model, notices, work } = understood;
  const policy = await policyOfRun(understood);
  options.onProgress?.('rules', 0, 1);
  const scoped = inScope(model, project);
  const reported = (file: string): boolean => project.inScope(path.posix.join(project.cwd, file));
  const { judged, timing, failures } = check(model, policy);
  const { suppressions, remarks } = suppress(judged, facts, policy);
  const verdict = violationsOf([...judged, ...remarks], reported, suppressions);
  clock.lap('rules');
  return {
    version,
    files: facts.filter(({ file }) => reported(file)).length,
    durationMs: clock.total(),
    ...verdict,
    rules: policy.rules.map((rule) => ruleInfo(rule, policy)),
    timing: { stages: clock.laps, rules: timing, work },
    model: scoped,
    recognised: model.aggregates.length,
    failures: [...understood.failures, ...failures],
    inScope: reported,
    notices,
    sourceOf: (file) => sourceOf(project, file, options),
  };
}

function ruleInfo({ id, title, why, remedy, source }: Rule, { choices }: Policy): RuleInfo {
  const severity = choices.find(({ rule }) => rule.id === id)?.severity ?? 'off';
  return { id, title, why, remedy, source, severity };
}

/** A codebase as far as aggro makes it out, with what it was made from. */
export interface Understood {
  readonly config: Config;
  readonly nested: readonly NestedConfig[];
  readonly project: Project;
  readonly facts: readonly FileFacts[];
  readonly model: DomainModel;
  /** Receivers whose type linking leaves open. */
  readonly open: readonly OpenReceiver[];
  /** The source that a specifier means in a file, both relative to the working directory. */
  readonly resolveModule: BuildOptions['resolveModule'];
  readonly work: Work;
  /** Files that aggro failed to read, though it should have. */
  readonly failures: readonly Failure[];
  readonly notices: readonly string[];
}

export async function understand(options: LintOptions, clock: Stopwatch = stopwatch()): Promise<Understood> {
  const { config } = options;
  const { project, nested } = await surveyed(options);
  clock.lap('project');
  const { facts, notices, work, failures } = await readFacts(project.files, project.cwd, options);
  clock.lap('facts');
  options.onProgress?.('model', 0, 1);
  const resolveModule = relativeResolver(project);
  const { model, open } = await linked(facts, project, nested, resolveModule, options);
  clock.lap('model');
  return {
    config,
    nested,
    project,
    facts,
    model,
    open,
    resolveModule,
    work,
    failures,
    notices: [...project.notices, ...notices, ...(options.store?.notices?.() ?? []), ...unparsed(model)],
  };
}

/** The files, and the configurations that hold among them. Throws NothingToRead. */
export async function surveyed(options: LintOptions): Promise<Pick<Understood, 'project' | 'nested'>> {
  const found = discoverProject(options);
  const nested = options.nested ?? (await loadNested(options.config, found.cwd, found.configDirectories));
  const project = withOverlay(narrowed(found, nested), options.overlay);
  if (project.files.length === 0) throw nothingToRead(options);
  return { project, nested };
}

/** A file that a fix makes belongs to the program, and its findings count. */
function withOverlay(project: Project, overlay: LintOptions['overlay']): Project {
  const made = [...(overlay?.keys() ?? [])].filter((file) => !project.files.includes(file));
  if (made.length === 0) return project;
  return {
    ...project,
    files: [...project.files, ...made].sort(),
    inScope: (file) => made.includes(file) || project.inScope(file),
  };
}

/** Resolution works on absolute paths, facts on paths relative to the working directory. */
function relativeResolver(project: Project): (fromFile: string, specifier: string) => string | undefined {
  const resolve = createResolver(project);
  return (fromFile, specifier) => {
    const found = resolve(path.posix.join(project.cwd, fromFile), specifier);
    return found === undefined ? undefined : path.posix.relative(project.cwd, found);
  };
}

function readPrisma(project: Project): PrismaSchema[] {
  return project.prismaSchemas.map((file) => extractPrisma(path.posix.relative(project.cwd, file), readSource(file)));
}

/** Names and files are held against each glob, thousands of them. */
function globsOver(): NonNullable<BuildOptions['matches']> {
  const known = new Map<string, (text: string) => boolean>();
  return (glob, text) => {
    const matches = known.get(glob) ?? globMatcher(glob, { dot: false });
    known.set(glob, matches);
    return matches(text);
  };
}

function homes({ cwd, givenTsconfigs }: Project): (file: string) => string {
  const homeOf = onDemand(() => createHomes(cwd, givenTsconfigs));
  return (file) => homeOf()(path.posix.dirname(path.posix.join(cwd, file))).directory;
}

/** Links first; with `--types full` the checker is asked about what stayed open, and the model built once more. */
async function linked(
  facts: readonly FileFacts[],
  project: Project,
  nested: readonly NestedConfig[],
  resolveModule: BuildOptions['resolveModule'],
  { config, types }: LintOptions,
): Promise<ReturnType<typeof buildModel>> {
  const build: BuildOptions = {
    resolveModule,
    recognizers: [
      { recognizers: config.model },
      ...nested.map(({ directory, own }) => ({ within: path.posix.relative(project.cwd, directory), recognizers: own.model })),
    ],
    matches: globsOver(),
    prismaSchemas: () => readPrisma(project),
    homeOf: homes(project),
  };
  const first = buildModel(facts, build);
  if (types !== 'full' || first.open.length === 0) return first;
  const { askChecker } = await import('./facts/checker.js');
  const answers = await askChecker(project, first.open);
  return answers.length === 0 ? first : buildModel(facts, { ...build, answers });
}

/** Aggregates and handlers outside the paths given are context: the model knows them, the report does not list them. */
function inScope(model: DomainModel, project: Project): DomainModel {
  const reported = (file: string): boolean => project.inScope(path.posix.join(project.cwd, file));
  return replaced(model, {
    aggregates: model.aggregates.filter((a) => reported(a.at.file)),
    handlers: model.handlers.filter((h) => reported(h.at.file)),
  });
}

function unparsed(model: DomainModel): string[] {
  return model.coverage.unparsed.map(
    (f) => `${f.file}:${f.line}:${f.column} does not parse (${f.message}); the rest of the file and the other files are analysed`,
  );
}

function sourceOf(project: Project, file: string, { overlay }: LintOptions): string | undefined {
  const absolute = path.posix.join(project.cwd, file);
  try {
    return overlay?.get(absolute) ?? readSource(absolute);
  } catch {
    return undefined;
  }
}

function nothingToRead({ cwd, paths, config }: LintOptions): NothingToRead {
  const where = paths.length > 0 ? paths.join(', ') : cwd;
  const limits =
    config.include.length > 0 || config.exclude.length > 0
      ? ' Check include and exclude in the configuration.'
      : ' Tests, declarations of dependencies, generated and git-ignored files are left out; name a path to read them anyway.';
  return new NothingToRead(`No TypeScript files in ${where}.${limits}`);
}
