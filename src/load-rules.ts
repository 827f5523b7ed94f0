import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SUPPRESSION_RULES } from './allow/suppression-rules.js';
import { resolveFrom, runModule } from './config/read.js';
import type { Config, RuleSource } from './config.js';
import { didYouMean } from './did-you-mean.js';
import { UsageError } from './errors.js';
import { isDirectory, isFile } from './on-disk.js';
import type { Rule } from './rule.js';
import { faultsOf, watched } from './rule-contract.js';

const OURS = fileURLToPath(new URL('../rules/', import.meta.url));

/** The doctrine, and what is said about comments that suppress it. */
export async function loadRules(): Promise<readonly Rule[]> {
  return [...(await (existsSync(BUILT) ? rulesBuilt() : rulesInFolder(OURS))), ...SUPPRESSION_RULES].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The same folder, which the build put together in one file. */
const BUILT = path.join(OURS, '_all.js');

async function rulesBuilt(): Promise<readonly Rule[]> {
  const modules = (await natively(BUILT)) as Readonly<Record<string, unknown>>;
  return Object.entries(modules).map(([file, exported]) => ruleFrom(exported, file));
}

/** By convention: every module of a folder default-exports one, named like its file. */
async function rulesInFolder(directory: string): Promise<readonly Rule[]> {
  const files = readdirSync(directory).filter((file) => MODULE.test(file));
  const load = directory === OURS ? natively : runModule;
  return Promise.all(
    files.sort().map(async (file) => {
      const place = path.join(directory, file);
      const rule = ruleFrom(await loaded(place, load), nameOf(place));
      const id = file.replace(/\..*$/, '');
      if (rule.id !== id)
        throw new UsageError(`${nameOf(place)}: the rule calls itself "${rule.id}"; its id is the name of its file, ${id}.`);
      return directory === OURS ? rule : watched(rule, nameOf(place));
    }),
  );
}

/** All rules, and those among which a configuration chooses. */
export interface RuleSet {
  readonly all: readonly Rule[];
  readonly of: (config: Naming) => readonly Rule[];
}

type Naming = Pick<Config, 'ruleSources' | 'dataOnly'>;

/** Ours, and those that configurations name. */
export async function allRules(configs: readonly Naming[]): Promise<RuleSet> {
  const ours = await loadRules();
  if (configs.every(({ ruleSources }) => ruleSources.length === 0)) return { all: ours, of: () => ours };
  const own = await loadOwnRules(configs, ours);
  return { all: [...ours, ...own.all], of: (config) => [...ours, ...own.of(config)] };
}

async function loadOwnRules(configs: readonly Naming[], ours: readonly Rule[]): Promise<RuleSet> {
  const sources = new Map(configs.flatMap(({ ruleSources }) => ruleSources).map((source) => [keyOf(source), source]));
  const [first] = sources.values();
  if (first && configs.some(({ dataOnly }) => dataOnly))
    throw new UsageError(
      `${first.at}: rules of your own are code, and --config-json-only runs none. Lint without the flag, or with --no-config.`,
    );
  const found = new Map(ours.map((rule) => [rule.id, 'aggro']));
  const byPlace = new Map<string, readonly Rule[]>();
  const bySource = new Map<string, readonly Rule[]>();
  for (const [key, source] of sources) {
    const place = await placeOf(source);
    const known = byPlace.get(place);
    if (known) {
      bySource.set(key, known);
      continue;
    }
    const owner = nameOf(place);
    const rules = source.kind === 'folder' ? await rulesIn(place, source) : await rulesOf(place);
    byPlace.set(place, rules);
    bySource.set(key, rules);
    for (const rule of rules) {
      const other = found.get(rule.id);
      if (other !== undefined) throw new UsageError(`${owner} has a rule "${rule.id}", and so has ${other}; give it another id.`);
      found.set(rule.id, owner);
    }
  }
  return {
    all: [...byPlace.values()].flat(),
    of: ({ ruleSources }) => [...new Set(ruleSources.flatMap((source) => bySource.get(keyOf(source)) ?? []))],
  };
}

function keyOf({ from, name }: RuleSource): string {
  return `${from} ${name}`;
}

const MODULE = /^[a-z][a-z0-9-]*\.[cm]?[jt]s$/;

async function placeOf({ kind, name, from, at }: RuleSource): Promise<string> {
  if (kind === 'folder') return name;
  const relative = /^\.{1,2}(?:\/|$)/.test(name) || path.isAbsolute(name);
  const file = relative ? path.resolve(path.dirname(from), name) : await resolveFrom(from, name);
  if (file !== undefined && isFile(file)) return file;
  throw new UsageError(
    relative
      ? `${at}: there is no module ${name}; a folder of rules is named by rulesDir.`
      : `${at}: the package ${name} is not installed.`,
  );
}

async function rulesIn(directory: string, { at }: RuleSource): Promise<readonly Rule[]> {
  const shown = nameOf(directory);
  if (!isDirectory(directory)) {
    const near = didYouMean(path.basename(directory), siblingsOf(directory));
    throw new UsageError(`${at}: there is no folder ${shown}${near}`);
  }
  const rules = await rulesInFolder(directory);
  if (rules.length === 0) throw new UsageError(`${at}: ${shown} holds no rules: modules in kebab-case, one rule each.`);
  return rules;
}

/** A package default-exports a list of rules, or one. */
async function rulesOf(file: string): Promise<readonly Rule[]> {
  const exported = await loaded(file, runModule);
  const list: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  return list.map((each, index) =>
    watched(ruleFrom(each, list.length > 1 ? `${nameOf(file)}, rule ${index + 1}` : nameOf(file)), nameOf(file)),
  );
}

async function loaded(file: string, load: (file: string) => Promise<unknown>): Promise<unknown> {
  try {
    return await load(file);
  } catch (error) {
    throw new UsageError(`${nameOf(file)} could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A module's default export; ours are compiled as they have to be. */
async function natively(file: string): Promise<unknown> {
  const { default: exported }: { readonly default?: unknown } = await import(pathToFileURL(file).href);
  return exported;
}

function ruleFrom(value: unknown, name: string): Rule {
  const faults = faultsOf(value);
  if (faults.length > 0) throw new UsageError(`${name} is no rule:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return value as Rule;
}

function nameOf(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

function siblingsOf(directory: string): readonly string[] {
  try {
    return readdirSync(path.dirname(directory));
  } catch {
    return [];
  }
}
