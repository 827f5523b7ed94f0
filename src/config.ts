import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Layer, layerOf, over, several } from './config/layers.js';
import { type ReadOptions, readFile, resolveFrom, SEARCH_PLACES, searchIn, type Written } from './config/read.js';
import type { Preset, UserConfig } from './define-config.js';
import { UsageError } from './errors.js';
import { ancestors, isUnder } from './project/paths.js';
import { repositoryRoot } from './project/repository.js';

export type { OverrideConfig, RoleConfig, RuleConfig, RuleSource } from './config/layers.js';

/** What the user configured, every spelling made one. */
export interface Config extends Omit<Layer, 'directory'> {
  readonly preset: Preset;
  /** It was named, or none is wanted: configurations that lie below are not asked. */
  readonly alone?: true;
  /** Refuses configurations and rules that are code. */
  readonly dataOnly?: true;
}

/** The configuration of a directory below that of the run. */
export interface NestedConfig {
  readonly directory: string;
  /** Laid over those above. */
  readonly config: Config;
  /** What itself says. */
  readonly own: Layer;
}

export const DEFAULT_CONFIG: Config = {
  sources: [],
  include: [],
  exclude: [],
  tsconfig: [],
  preset: 'recommended',
  rules: {},
  overrides: [],
  model: {},
  ruleSources: [],
};

export interface ConfigOptions {
  readonly cwd: string;
  /** A file that was named, or `false` for none. */
  readonly file?: string | false | undefined;
  readonly dataOnly?: boolean | undefined;
}

/** The configuration of a run: the file that is named, or the nearest upwards and what it extends. */
export async function loadConfig({ cwd, file, dataOnly = false }: ConfigOptions): Promise<Config> {
  const reading: ReadOptions = { cwd, dataOnly };
  if (file === false) return { ...DEFAULT_CONFIG, alone: true };
  if (file !== undefined) {
    const written = await readFile(path.resolve(cwd, file), file, reading);
    return { ...completed(written && (await withExtends(written, reading))), alone: true, ...(dataOnly ? { dataOnly } : {}) };
  }
  return { ...completed(await upwards(cwd, repositoryRoot(cwd), reading)), ...(dataOnly ? { dataOnly } : {}) };
}

/** Those of these directories that have a configuration of their own, each laid over the ones above it. */
export async function loadNested(run: Config, cwd: string, directories: readonly string[]): Promise<readonly NestedConfig[]> {
  if (run.alone) return [];
  const reading: ReadOptions = { cwd, dataOnly: run.dataOnly ?? false };
  const known = new Set(run.sources.map((each) => path.dirname(each)));
  const found: NestedConfig[] = [];
  for (const directory of [...new Set(directories)].sort((a, b) => a.length - b.length)) {
    if (known.has(directory) || !mayHoldConfig(directory)) continue;
    const written = await searchIn(directory, reading);
    if (!written) continue;
    const own = await withExtends(written, reading);
    const above = found.findLast((each) => isUnder(each.directory, directory));
    const below = above ? asLayer(above.config, cwd) : await aboveOf(directory, run, reading);
    found.push({ directory, config: completed(own.root || !below ? own : over(below, own)), own });
  }
  return found;
}

/** What the run's configuration says holds below it; beside it the walk upwards starts anew. */
async function aboveOf(directory: string, run: Config, reading: ReadOptions): Promise<Layer | undefined> {
  const { cwd } = reading;
  if (run.source === undefined ? isUnder(cwd, directory) : isUnder(path.dirname(run.source), directory)) return asLayer(run, cwd);
  return upwards(path.dirname(directory), repositoryRoot(directory), reading);
}

function asLayer(config: Config, cwd: string): Layer {
  return { ...config, directory: config.source === undefined ? cwd : path.dirname(config.source) };
}

function completed(layer: Layer | undefined): Config {
  if (!layer) return DEFAULT_CONFIG;
  const { directory: _, ...rest } = layer;
  return { ...rest, preset: layer.preset ?? DEFAULT_CONFIG.preset };
}

/**
 * Directory by directory, because neither of cosmiconfig's own walks fits: `project` stops at the first package of a
 * monorepo, `global` goes on to the home directory's settings, which would make a result depend on the machine.
 */
async function upwards(from: string, top: string, reading: ReadOptions): Promise<Layer | undefined> {
  let layer: Layer | undefined;
  for (const directory of ancestors(from, top)) {
    if (!mayHoldConfig(directory)) continue;
    const written = await searchIn(directory, reading);
    if (!written) continue;
    const found = await withExtends(written, reading);
    layer = layer ? over(found, layer) : found;
    if (found.root) break;
  }
  return layer;
}

async function withExtends(written: Written, reading: ReadOptions, directory = path.dirname(written.source)): Promise<Layer> {
  return extended(written, reading, directory, []);
}

async function extended(written: Written, reading: ReadOptions, directory: string, by: readonly string[]): Promise<Layer> {
  // With what checks globs; most commands meet no configuration.
  const { checked } = await import('./config/check.js');
  const config = await checked(written);
  let layer: Layer | undefined;
  for (const [index, specifier] of several(config.extends).entries()) {
    const at = written.placeOf(typeof config.extends === 'string' ? ['extends'] : ['extends', index]) ?? written.label;
    const base = await extension(specifier, written, at, reading);
    if (base.source === written.source || by.includes(base.source))
      throw new UsageError(`${at}: extends ${specifier}, which extends it in turn.`);
    const isPackage = base.source.includes('/node_modules/') || !isRelative(specifier);
    const below = await extended(base, reading, isPackage ? directory : path.dirname(base.source), [...by, written.source]);
    layer = layer ? over(layer, below) : below;
  }
  const own = layerOf(config, written, directory, reading.cwd);
  return layer ? over(withoutRoot(layer), own) : own;
}

/** Whether the walk upwards ends is for the file itself to say. */
function withoutRoot({ root: _, ...layer }: Layer): Layer {
  return layer;
}

async function extension(specifier: string, { source }: Written, at: string, reading: ReadOptions): Promise<Written> {
  const file = isRelative(specifier) ? path.resolve(path.dirname(source), specifier) : await resolveFrom(source, specifier);
  if (file === undefined)
    throw new UsageError(
      `${at}: extends the package ${specifier}, which is not installed${isFileLike(specifier) ? `; a file is written ./${specifier}` : ''}.`,
    );
  const written = await readFile(file, specifier, reading).catch((error: unknown) => {
    throw error instanceof UsageError && / does not exist| is a directory/.test(error.message)
      ? new UsageError(`${at}: extends ${specifier}, which is no file${fileNear(file)}.`)
      : error;
  });
  if (!written) throw new UsageError(`${at}: extends ${specifier}, which is empty.`);
  return written;
}

function isRelative(specifier: string): boolean {
  return /^\.{1,2}(?:\/|$)/.test(specifier) || path.isAbsolute(specifier);
}

function isFileLike(specifier: string): boolean {
  return /\.(?:jsonc?|ya?ml|[cm]?[jt]s)$/.test(specifier) && !specifier.startsWith('@');
}

function fileNear(file: string): string {
  const stem = path.basename(file).replace(/\.[^.]*$/, '');
  const near = namesIn(path.dirname(file)).find((name) => name.startsWith(`${stem}.`));
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** Most runs have no configuration; they should not pay for loading cosmiconfig. */
function mayHoldConfig(directory: string): boolean {
  return namesIn(directory).some(
    (name) => SEARCH_PLACES.includes(name) && (name !== 'package.json' || mentionsAggro(path.join(directory, name))),
  );
}

function mentionsAggro(manifest: string): boolean {
  try {
    return readFileSync(manifest, 'utf8').includes('"aggro"');
  } catch {
    return false;
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]));
  } catch {
    return [];
  }
}

/** A configuration that a program gives in place of a file; `label` names it in errors. */
export async function givenConfig(config: UserConfig, cwd: string, label: string): Promise<Config> {
  const written: Written = { source: path.join(cwd, 'aggro.config.js'), label, content: config, prefix: [], placeOf: () => undefined };
  return { ...completed(await withExtends(written, { cwd, dataOnly: false })), alone: true };
}

/** The configuration that a file would make, were it written. */
export function configOf(config: UserConfig, source: string, cwd: string): Config {
  const label = path.relative(cwd, source);
  return completed(layerOf(config, { source, label, content: config, prefix: [], placeOf: () => undefined }, path.dirname(source), cwd));
}

/** The same configuration for a copy of the code that lies elsewhere. */
export function moved(config: Config, there: (file: string) => string): Config {
  return {
    ...config,
    ...(config.source === undefined ? {} : { source: there(config.source) }),
    sources: config.sources.map(there),
    include: config.include.map(there),
    exclude: config.exclude.map(there),
    tsconfig: config.tsconfig.map(there),
    overrides: config.overrides.map((each) => ({ ...each, directory: there(each.directory) })),
  };
}
