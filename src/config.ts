import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelSetting, Preset, Recogniser, RoleSetting, RuleSetting, SeveritySetting, UserConfig } from './define-config.js';
import { didYouMean } from './did-you-mean.js';
import { UsageError } from './errors.js';
import type { BlockKind } from './model/domain-model.js';
import { ancestors, toPosix } from './project/paths.js';
import { repositoryRoot } from './project/repository.js';

/** What the user configured, every spelling made one. */
export interface Config {
  /** The file it came from, if any. Globs are relative to its directory. */
  readonly source?: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly tsconfig: readonly string[];
  readonly preset: Preset;
  readonly rules: Readonly<Record<string, RuleConfig>>;
  readonly model: Readonly<Partial<Record<BlockKind, RoleConfig>>>;
}

export interface RuleConfig {
  readonly severity: 'off' | 'info' | 'warning' | 'error';
  readonly options: Readonly<Record<string, unknown>>;
}

export interface RoleConfig {
  readonly names: readonly string[];
  /** Globs over posix paths relative to the working directory. */
  readonly files: readonly string[];
  readonly bases: readonly string[];
  readonly decorators: readonly string[];
  readonly tags: readonly string[];
  readonly suffixes: readonly string[];
}

export const DEFAULT_CONFIG: Config = { include: [], exclude: [], tsconfig: [], preset: 'recommended', rules: {}, model: {} };

export async function loadConfig({ cwd, file }: { readonly cwd: string; readonly file?: string | undefined }): Promise<Config> {
  const found = file === undefined ? await search(cwd) : await load(path.resolve(cwd, file), file);
  if (!found) return DEFAULT_CONFIG;
  const label = path.relative(cwd, found.source) || found.source;
  const config = await checked(found.content, label, path.basename(found.source) === 'package.json' ? ['aggro'] : []);
  return normalised(config, found.source, cwd);
}

interface Found {
  readonly source: string;
  readonly content: unknown;
}

const SEARCH_PLACES = [
  ...['ts', 'mts', 'js', 'mjs', 'cjs', 'json'].map((extension) => `aggro.config.${extension}`),
  '.aggrorc',
  ...['json', 'yaml', 'yml'].map((extension) => `.aggrorc.${extension}`),
  'package.json',
];

/**
 * Directory by directory, because neither of cosmiconfig's own walks fits: `project` stops at the first package of a
 * monorepo, `global` goes on to the home directory's settings, which would make a result depend on the machine.
 */
async function search(cwd: string): Promise<Found | undefined> {
  for (const directory of ancestors(cwd, repositoryRoot(cwd))) {
    if (!mayHoldConfig(directory)) continue;
    const result = await explore(directory, (explorer) => explorer.search(directory));
    if (result) return result;
  }
  return undefined;
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

async function load(file: string, given: string): Promise<Found | undefined> {
  if (!existsSync(file)) throw new UsageError(`The configuration file ${given} does not exist.`);
  if (!statSync(file).isFile()) throw new UsageError(`The configuration ${given} is a directory; name the file in it.`);
  return explore(given, (explorer) => explorer.load(file));
}

type Explorer = ReturnType<typeof import('cosmiconfig')['cosmiconfig']>;

async function explore(where: string, ask: (explorer: Explorer) => ReturnType<Explorer['search']>): Promise<Found | undefined> {
  const { cosmiconfig } = await import('cosmiconfig');
  try {
    const explorer = cosmiconfig('aggro', {
      searchPlaces: SEARCH_PLACES,
      searchStrategy: 'none',
      cache: false,
      loaders: { '.ts': loadTypeScript, '.mts': loadTypeScript },
    });
    const result = await ask(explorer);
    return result && !result.isEmpty ? { source: result.filepath, content: result.config } : undefined;
  } catch (error) {
    throw new UsageError(`Could not read the configuration in ${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function loadTypeScript(file: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  // So that `import { defineConfig } from 'aggro'` works under npx, too, where the project does not depend on aggro.
  const self = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './index.ts' : './index.js', import.meta.url));
  const jiti = createJiti(file, { fsCache: false, moduleCache: false, alias: { aggro: self } });
  return jiti.import(file, { default: true });
}

const ROLES: Readonly<Record<keyof ModelSetting, BlockKind>> = {
  aggregateRoots: 'aggregate-root',
  entities: 'entity',
  valueObjects: 'value-object',
  identifiers: 'identifier',
  domainEvents: 'domain-event',
  commands: 'command',
  queries: 'query',
  repositories: 'repository',
  factories: 'factory',
  domainServices: 'domain-service',
  applicationServices: 'application-service',
  commandHandlers: 'command-handler',
  eventHandlers: 'event-handler',
  queryHandlers: 'query-handler',
  sagas: 'saga',
  readModels: 'read-model',
  persistenceRecords: 'persistence-record',
};

async function checked(content: unknown, label: string, prefix: readonly string[]): Promise<UserConfig> {
  const { z } = await import('zod');
  const texts = z.array(z.string()).readonly();
  const severity = z.enum(['off', 'info', 'warn', 'error']);
  const recogniser = z
    .strictObject({ names: texts, files: texts, bases: texts, decorators: texts, tags: texts, suffixes: texts })
    .partial();
  const role = z.union([texts, recogniser]);
  const roles = Object.fromEntries(Object.keys(ROLES).map((key) => [key, role.optional()]));
  const schema = z
    .strictObject({
      $schema: z.string(),
      include: texts,
      exclude: texts,
      tsconfig: z.union([z.string(), texts]),
      preset: z.enum(['recommended', 'strict', 'all']),
      rules: z.record(z.string(), z.union([severity, z.tuple([severity, z.record(z.string(), z.unknown())]).readonly()])),
      model: z.strictObject(roles),
    })
    .partial();
  const result = schema.safeParse(content);
  // The schema says the same as UserConfig, which is written by hand for its documentation.
  if (result.success) return result.data as UserConfig;
  const keysAt = (at: readonly PropertyKey[]) =>
    at.length === 0 ? Object.keys(schema.shape) : at.length === 1 ? Object.keys(ROLES) : Object.keys(recogniser.shape);
  const complaints = result.error.issues.flatMap((issue) => complaintsAbout(issue, content, keysAt));
  const lines = complaints.map(({ at, text }) => `  ${[...prefix, ...at].map(String).join('.') || 'the configuration'}: ${text}`);
  throw new UsageError(`${label} is not a valid configuration:\n${lines.join('\n')}`);
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly errors?: readonly (readonly Issue[])[];
}
interface Complaint {
  readonly at: readonly PropertyKey[];
  readonly text: string;
}

function complaintsAbout(
  issue: Issue,
  content: unknown,
  keysAt: (at: readonly PropertyKey[]) => readonly string[],
  base: readonly PropertyKey[] = [],
): readonly Complaint[] {
  const at = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return (issue.keys ?? []).map((key) => ({
      at: [...at, key],
      text: `unknown key${didYouMean(key, keysAt(at)) || `; known are ${keysAt(at).join(', ')}`}`,
    }));
  if (issue.code === 'invalid_union') {
    const branches = issue.errors ?? [];
    const meant = branches.find((branch) => branch.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'));
    const inner =
      meant ?? branches.find((branch) => branch.some(({ code }) => code === 'invalid_value' && typeof valueAt(content, at) === 'string'));
    if (inner) return inner.flatMap((each) => complaintsAbout(each, content, keysAt, at));
    return [{ at, text: branches.map((branch) => branch[0]?.message ?? issue.message).join('; or ') }];
  }
  const value = valueAt(content, at);
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const known = (issue.values ?? []).map(String);
    return [{ at, text: `"${value}" is not one of ${known.join(', ')}${didYouMean(value, known)}` }];
  }
  return [{ at, text: issue.message }];
}

function valueAt(content: unknown, at: readonly PropertyKey[]): unknown {
  return at.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), content);
}

function normalised(config: UserConfig, source: string, cwd: string): Config {
  const model = Object.entries(config.model ?? {}).flatMap(([key, setting]: [string, RoleSetting | undefined]) =>
    setting && isRole(key) ? [[ROLES[key], roleConfig(setting, toPosix(path.relative(cwd, path.dirname(source))))] as const] : [],
  );
  return {
    source,
    include: config.include ?? [],
    exclude: config.exclude ?? [],
    tsconfig: config.tsconfig === undefined ? [] : typeof config.tsconfig === 'string' ? [config.tsconfig] : config.tsconfig,
    preset: config.preset ?? 'recommended',
    rules: Object.fromEntries(Object.entries(config.rules ?? {}).map(([id, setting]) => [id, ruleConfig(setting)])),
    model: Object.fromEntries(model),
  };
}

function isRole(key: string): key is keyof ModelSetting {
  return key in ROLES;
}

function ruleConfig(setting: RuleSetting): RuleConfig {
  return typeof setting === 'string'
    ? { severity: severityOf(setting), options: {} }
    : { severity: severityOf(setting[0]), options: setting[1] };
}

function severityOf(setting: SeveritySetting): RuleConfig['severity'] {
  return setting === 'warn' ? 'warning' : setting;
}

function roleConfig(setting: RoleSetting, from: string): RoleConfig {
  const given: Recogniser = isList(setting) ? split(setting) : setting;
  const files = (given.files ?? []).map((glob) =>
    from === '' || glob.startsWith('**/') ? glob.replace(/^\.\//, '') : path.posix.join(from, glob),
  );
  const { names = [], bases = [], decorators = [], tags = [], suffixes = [] } = given;
  return { names, files, bases, decorators: decorators.map(withoutAt), tags: tags.map(withoutAt), suffixes };
}

function isList(setting: RoleSetting): setting is readonly string[] {
  return Array.isArray(setting);
}

function split(entries: readonly string[]) {
  return { names: entries.filter((entry) => !entry.includes('/')), files: entries.filter((entry) => entry.includes('/')) };
}

function withoutAt(name: string): string {
  return name.replace(/^@/, '');
}
