import path from 'node:path';
import type { ModelSetting, Preset, Recogniser, RoleSetting, UserConfig } from '../define-config.js';
import type { BlockKind } from '../model/domain-model.js';
import { toPosix } from '../project/paths.js';
import type { RuleSetting, SeveritySetting } from '../rule-settings.js';
import type { Written } from './read.js';
import { ROLES } from './roles.js';

export interface RuleConfig {
  readonly severity: 'off' | 'info' | 'warning' | 'error';
  /** Absent where a severity alone is set, which leaves the options as they were. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Where it is set: `aggro.config.json:3:5`. */
  readonly at: string;
  /** The same for each option. */
  readonly optionsAt?: Readonly<Record<string, string>>;
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

/** Other rule settings for some files; globs are absolute from `directory`. */
export interface OverrideConfig {
  readonly directory: string;
  readonly files: readonly string[];
  readonly excludeFiles: readonly string[];
  readonly rules: Readonly<Record<string, RuleConfig>>;
  readonly at: string;
}

/** Where rules of the user's come from: a folder, or a package as its importer names it. */
export interface RuleSource {
  readonly kind: 'folder' | 'package';
  /** For a folder absolute. */
  readonly name: string;
  /** The configuration file that names it. */
  readonly from: string;
  readonly at: string;
}

/** What one configuration file says, every spelling made one; several are laid over one another. */
export interface Layer {
  /** The file that is nearest. */
  readonly source?: string;
  /** Where its globs start. */
  readonly directory: string;
  /** All files that had a say, the nearest last. */
  readonly sources: readonly string[];
  readonly root?: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly tsconfig: readonly string[];
  readonly preset?: Preset;
  readonly rules: Readonly<Record<string, RuleConfig>>;
  readonly overrides: readonly OverrideConfig[];
  readonly model: Readonly<Partial<Record<BlockKind, RoleConfig>>>;
  readonly ruleSources: readonly RuleSource[];
}

/** `directory` is where its globs start: the file's own, or for a package that of the file that extends it. */
export function layerOf(config: UserConfig, { source, label, placeOf }: Written, directory: string, cwd: string): Layer {
  const at = (...keys: PropertyKey[]) => placeOf(keys) ?? label;
  const globsFrom = toPosix(path.relative(cwd, directory));
  const model = Object.entries(config.model ?? {}).flatMap(([key, setting]: [string, RoleSetting | undefined]) =>
    setting && isRole(key) ? [[ROLES[key], roleConfig(setting, globsFrom)] as const] : [],
  );
  return {
    source,
    directory,
    sources: [source],
    ...(config.root === undefined ? {} : { root: config.root }),
    include: config.include ?? [],
    exclude: config.exclude ?? [],
    tsconfig: several(config.tsconfig),
    ...(config.preset === undefined ? {} : { preset: config.preset }),
    rules: rulesOf(config.rules ?? {}, (...keys) => at('rules', ...keys)),
    overrides: (config.overrides ?? []).map(({ files, excludeFiles, rules }, index) => ({
      directory,
      files: several(files),
      excludeFiles: several(excludeFiles),
      rules: rulesOf(rules, (...keys) => at('overrides', index, 'rules', ...keys)),
      at: at('overrides', index),
    })),
    model: Object.fromEntries(model),
    ruleSources: [
      ...several(config.rulesDir).map((name, index) => ({
        kind: 'folder' as const,
        name: path.resolve(path.dirname(source), name),
        from: source,
        at: at('rulesDir', index),
      })),
      ...(config.plugins ?? []).map((name, index) => ({ kind: 'package' as const, name, from: source, at: at('plugins', index) })),
    ],
  };
}

/**
 * The one way in which configurations combine, for `extends` and for those in directories above alike: what is excluded, what is
 * recognised, overrides and rules of one's own add up; of everything else the nearer one counts.
 */
export function over(below: Layer, above: Layer): Layer {
  const base = rebased(below, above.directory);
  const { source = base.source, preset = base.preset, root } = above;
  return {
    ...(source === undefined ? {} : { source }),
    directory: above.directory,
    sources: [...new Set([...base.sources, ...above.sources])],
    ...(root === undefined ? {} : { root }),
    include: above.include.length > 0 ? above.include : base.include,
    exclude: [...base.exclude, ...above.exclude],
    tsconfig: above.tsconfig.length > 0 ? above.tsconfig : base.tsconfig,
    ...(preset === undefined ? {} : { preset }),
    rules: rulesOver(base.rules, above.rules),
    overrides: [...base.overrides, ...above.overrides],
    model: modelOver(base.model, above.model),
    ruleSources: [...base.ruleSources, ...above.ruleSources],
  };
}

/** A severity alone leaves the options as they were. */
export function rulesOver(
  below: Readonly<Record<string, RuleConfig>>,
  above: Readonly<Record<string, RuleConfig>>,
): Readonly<Record<string, RuleConfig>> {
  const changed = Object.entries(above).map(([id, rule]) => {
    const { options, optionsAt = {} } = below[id] ?? {};
    return [id, rule.options || !options ? rule : { ...rule, options, optionsAt }] as const;
  });
  return { ...below, ...Object.fromEntries(changed) };
}

/** The same globs, from another directory. */
function rebased(layer: Layer, directory: string): Layer {
  const way = toPosix(path.relative(directory, layer.directory));
  if (way === '') return layer;
  return {
    ...layer,
    include: layer.include.map((glob) => moved(glob, way)),
    exclude: layer.exclude.map((glob) => (glob.startsWith('!') ? `!${anywhere(glob.slice(1), way)}` : anywhere(glob, way))),
    tsconfig: layer.tsconfig.map((file) => moved(file, way)),
  };
}

function moved(glob: string, way: string): string {
  return path.posix.isAbsolute(glob) ? glob : path.posix.join(way, glob);
}

/** One without a slash, or that starts with a double star, means any depth wherever it is written. */
function anywhere(glob: string, way: string): string {
  return glob.startsWith('**/') || !glob.replace(/\/$/, '').includes('/') ? glob : moved(glob, way);
}

function modelOver(below: Layer['model'], above: Layer['model']): Layer['model'] {
  const added = (Object.entries(above) as [BlockKind, RoleConfig][]).map(([role, recogniser]) => {
    const base = below[role];
    if (!base) return [role, recogniser] as const;
    const both = (key: keyof RoleConfig) => [...new Set([...base[key], ...recogniser[key]])];
    return [
      role,
      {
        names: both('names'),
        files: both('files'),
        bases: both('bases'),
        decorators: both('decorators'),
        tags: both('tags'),
        suffixes: both('suffixes'),
      },
    ] as const;
  });
  return { ...below, ...Object.fromEntries(added) };
}

function rulesOf(
  rules: Readonly<Record<string, RuleSetting | undefined>>,
  at: (...keys: PropertyKey[]) => string,
): Readonly<Record<string, RuleConfig>> {
  const set = Object.entries(rules).flatMap(([id, setting]) => (setting === undefined ? [] : [[id, ruleConfig(id, setting, at)] as const]));
  return Object.fromEntries(set);
}

function ruleConfig(id: string, setting: RuleSetting, at: (...keys: PropertyKey[]) => string): RuleConfig {
  if (typeof setting === 'string') return { severity: severityOf(setting), at: at(id) };
  const [severity, options] = setting;
  const places = Object.keys(options).map((option) => [option, at(id, 1, option)] as const);
  return { severity: severityOf(severity), options, at: at(id), optionsAt: Object.fromEntries(places) };
}

function severityOf(setting: SeveritySetting): RuleConfig['severity'] {
  return setting === 'warn' ? 'warning' : setting;
}

function isRole(key: string): key is keyof ModelSetting {
  return Object.hasOwn(ROLES, key);
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

export function several(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
