import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config.js';
import { type LintOptions, policyFor, type Understood, understand } from '../lint.js';
import { allRules } from '../load-rules.js';
import { leftOutFiles } from '../project/left-out-files.js';
import { ancestors, isUnder } from '../project/paths.js';
import type { Project } from '../project/project.js';
import { readSource } from '../project/read-source.js';
import { repositoryRoot } from '../project/repository.js';
import { configDirectory } from '../project/targets.js';
import { version } from '../version.js';
import { type DeadGlob, deadGlobs } from './globs.js';
import { type Counted, counted, lineAt, unresolvedImports } from './imports.js';
import { lacking } from './needs.js';

/** What applies here and why, and what aggro could not make out. Paths are relative to the working directory. */
export interface Diagnosis {
  readonly versions: Readonly<Record<string, string>>;
  readonly configuration: {
    readonly files: readonly Reasoned[];
    /** Where one was looked for, when there is none. */
    readonly searched: readonly string[];
  };
  readonly files: {
    readonly linted: number;
    /** Read to understand those. */
    readonly context: number;
    readonly leftOut: readonly { readonly why: string; readonly count: number; readonly example: string }[];
  };
  readonly tsconfigs: readonly Reasoned[];
  readonly workspaces: readonly string[];
  readonly prismaSchemas: readonly string[];
  readonly recognised: Readonly<Record<string, number>>;
  /** What came closest to being an aggregate, where there is none. */
  readonly nearMisses: readonly Reasoned[];
  readonly rules: {
    readonly on: readonly string[];
    readonly off: readonly Reasoned[];
    /** On, and yet they can't find anything here. */
    readonly idle: readonly Reasoned[];
  };
  readonly imports: readonly Counted[];
  readonly receivers: readonly Counted[];
  readonly deadGlobs: readonly DeadGlob[];
  readonly cache: string;
  readonly notices: readonly string[];
}

export interface Reasoned {
  readonly name: string;
  readonly why: string;
}

export async function diagnose(options: LintOptions): Promise<Diagnosis> {
  const understood = await understand(options);
  const { project, facts, model, nested, config } = understood;
  const { cwd } = project;
  const relative = (file: string) => path.posix.relative(cwd, file);
  const linted = project.files.filter(project.inScope);
  const leftOut = leftOutFiles(project, config, nested);
  const layers = [{ ...config, directory: configDirectory(cwd, config) }, ...nested.map(({ own }) => own)];
  const sources = { cwd, files: project.files, leftOut: leftOut.map(({ file }) => file), facts };
  return {
    versions: { aggro: version, node: process.versions.node, platform: `${process.platform} ${process.arch}`, ...compilers(cwd) },
    configuration: configuration(understood, options),
    files: {
      linted: linted.length,
      context: project.files.length - linted.length,
      leftOut: counted(leftOut.map(({ file, why }) => ({ text: why, at: relative(file) }))).map(({ text, count, at }) => ({
        why: text,
        count,
        example: at,
      })),
    },
    tsconfigs: project.tsconfigs.map((file) => ({ name: relative(file), why: whyTsconfig(file, project) })),
    workspaces: project.workspaces.map(({ name, dir }) => `${name} (${relative(dir) || '.'})`),
    prismaSchemas: project.prismaSchemas.map(relative),
    recognised: {
      aggregates: model.aggregates.length,
      entities: model.blocks.filter(({ kind }) => kind === 'entity').length,
      'value objects': model.blocks.filter(({ kind }) => kind === 'value-object').length,
      repositories: model.repositories.length,
      handlers: model.handlers.length,
      'domain events': model.blocks.filter(({ kind }) => kind === 'domain-event').length,
      invariants: model.invariants.length,
    },
    nearMisses:
      model.aggregates.length > 0
        ? []
        : model.coverage.nearMisses.map(({ name, at, why }) => ({ name, why: `${why} (${at.file}:${at.line})` })),
    rules: await rules(understood, options),
    imports: unresolvedImports(facts, cwd, understood.resolveModule),
    receivers: receivers(understood),
    deadGlobs: layers.flatMap((layer) => deadGlobs(layer, sources)),
    cache: cacheState(options.store?.place, cwd),
    notices: understood.notices,
  };
}

function cacheState(place: string | undefined, cwd: string): string {
  if (place === undefined) return 'not asked, and nothing is kept';
  const names = existsSync(place) ? readdirSync(place) : [];
  const runs = names.filter((name) => name.startsWith('run-')).length;
  const facts = names.some((name) => name.startsWith('facts-'));
  const shown = isUnder(cwd, place) ? path.relative(cwd, place) : place;
  return `${shown}: ${facts ? 'facts of unchanged files' : 'no facts yet'}, ${runs} ${runs === 1 ? 'run' : 'runs'} to repeat`;
}

function configuration({ config, nested, project: { cwd } }: Understood, { paths }: LintOptions): Diagnosis['configuration'] {
  const relative = (file: string) => path.relative(cwd, file);
  const own = (source: string): string => {
    if (source === config.source) return config.alone ? 'named with --config' : 'the nearest at or above the working directory';
    const directory = path.dirname(source);
    return isUnder(directory, config.source ?? cwd) && !source.includes('/node_modules/') && isConfigName(source)
      ? 'above it; the nearer one extends it'
      : 'extended';
  };
  return {
    files: [
      ...config.sources.toReversed().map((source) => ({ name: relative(source), why: own(source) })),
      ...nested.flatMap(({ directory, own: { source } }) =>
        source === undefined ? [] : [{ name: relative(source), why: `decides for ${relative(directory) || paths[0] || '.'} and below` }],
      ),
    ],
    searched:
      config.sources.length > 0 || config.alone ? [] : ancestors(cwd, repositoryRoot(cwd)).map((directory) => relative(directory) || '.'),
  };
}

function isConfigName(file: string): boolean {
  return /^(?:aggro\.config\.\w+|\.aggrorc(?:\.\w+)?|package\.json)$/.test(path.basename(file));
}

function whyTsconfig(file: string, { cwd, givenTsconfigs }: Project): string {
  if (givenTsconfigs.includes(file)) return 'the configuration names it';
  if (path.basename(file) !== 'tsconfig.json') return 'referenced';
  return isUnder(cwd, file) ? 'lies beside the sources' : 'above, and its project holds sources that are linted';
}

async function rules(understood: Understood, options: LintOptions): Promise<Diagnosis['rules']> {
  const { config, nested, model } = understood;
  const { all } = await allRules([config, ...nested.map((each) => each.config)]);
  const { choices } = await policyFor(understood, options);
  const on = all.filter((rule) => choices.some((choice) => choice.rule === rule));
  const idle = on.flatMap((rule) => {
    const missing = lacking(rule, model);
    return missing.length === 0 ? [] : [{ name: rule.id, why: missing.join(', ') }];
  });
  return {
    on: on.map(({ id }) => id).filter((id) => !idle.some(({ name }) => name === id)),
    off: all.filter((rule) => !on.includes(rule)).map(({ id, preset }) => ({ name: id, why: whyOff(id, preset, config, options) })),
    idle,
  };
}

function whyOff(id: string, preset: string, config: Config, { severities }: LintOptions): string {
  if (severities?.get(id) === 'off') return 'off on the command line';
  const set = config.rules[id];
  return set?.severity === 'off' ? `off in ${set.at}` : `in the preset ${preset}`;
}

/** Expressions whose type is not known, where a call on them may be a write. */
function receivers({ open, facts, project: { cwd } }: Understood): readonly Counted[] {
  const byFile = new Map(facts.map((each) => [each.file, each]));
  const texts = new Map<string, string>();
  const textOf = (file: string) => {
    if (!texts.has(file)) texts.set(file, readSource(path.posix.join(cwd, file)));
    return texts.get(file) ?? '';
  };
  return counted(
    open.map(({ file, start, end }) => ({
      text: textOf(file).slice(start, end).replaceAll(/\s+/g, ' '),
      at: `${file}:${lineAt(byFile.get(file)?.lines ?? [], start)}`,
    })),
  );
}

/** aggro brings its own parser; the project's TypeScript is asked by nobody but named for those who wonder. */
function compilers(cwd: string): Readonly<Record<string, string>> {
  for (const directory of ancestors(cwd, repositoryRoot(cwd))) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(`${directory}/node_modules/typescript/package.json`, 'utf8'));
      if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
        return { "the project's TypeScript": `${String(manifest.version)} (not used: aggro brings its own parser)` };
    } catch {
      // Not installed there.
    }
  }
  return {};
}
