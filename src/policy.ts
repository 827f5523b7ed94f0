import path from 'node:path';
import { type RuleConfig, rulesOver } from './config/layers.js';
import type { Config, NestedConfig } from './config.js';
import { didYouMean } from './did-you-mean.js';
import { UsageError } from './errors.js';
import type { RuleSet } from './load-rules.js';
import { excludePattern } from './project/globs.js';
import { isUnder } from './project/paths.js';
import type { Rule, RuleOptions } from './rule.js';

export interface RuleChoice {
  readonly rule: Rule;
  readonly severity: 'info' | 'warning' | 'error';
  readonly options: RuleOptions;
}

/** Which rules run, and how loud they are where. */
export interface Policy {
  /** All there are, those that are off among them. */
  readonly rules: readonly Rule[];
  /** Each rule as often as there are different options for it. */
  readonly choices: readonly RuleChoice[];
  /** How the rule is set for a file: nothing where it is off there. Files are relative to the working directory. */
  readonly choiceAt: (rule: Rule, file: string) => RuleChoice | undefined;
}

export const NO_RULES: Policy = { rules: [], choices: [], choiceAt: () => undefined };

export interface PolicySettings {
  readonly cwd: string;
  readonly config: Config;
  readonly nested?: readonly NestedConfig[];
  readonly preset?: Config['preset'] | undefined;
  readonly severities?: ReadonlyMap<string, RuleConfig['severity']> | undefined;
}

const PRESETS = ['recommended', 'strict', 'all'] as const;

/** The nearest configuration to a file decides, in it the last override that matches; the command line over all. */
export function policyOf(rules: RuleSet, files: readonly string[], settings: PolicySettings): Policy {
  const { cwd, config, nested = [] } = settings;
  for (const each of [config, ...nested.map(({ own }) => own)]) refuseUnknown(each, rules.all);
  const top = decided(rules.of(config), config, settings);
  const areas = nested
    .map(({ directory, config: own }) => ({ directory, decide: decided(rules.of(own), own, settings) }))
    .sort((a, b) => b.directory.length - a.directory.length);
  const choicesFor = (file: string) => {
    const absolute = path.posix.join(cwd, file);
    return (areas.find(({ directory }) => isUnder(directory, absolute))?.decide ?? top)(absolute);
  };
  const everywhere = new Set([top(cwd), ...files.map(choicesFor)]);
  return {
    rules: rules.all,
    choices: distinct([...everywhere].flatMap((choices) => [...choices.values()])),
    choiceAt: (rule, file) => choicesFor(file).get(rule),
  };
}

/** The same rule with the same options, however loud. */
export function isSameRun(a: RuleChoice, b: RuleChoice): boolean {
  return a === b || (a.rule === b.rule && keyOf(a) === keyOf(b));
}

type Choices = ReadonlyMap<Rule, RuleChoice>;

/** What one configuration says of a file, by the overrides that match it. */
function decided(rules: readonly Rule[], config: Config, settings: PolicySettings): (file: string) => Choices {
  const overrides = config.overrides.map(({ directory, files, excludeFiles, rules: set }) => {
    const among = files.map((glob) => excludePattern(directory, glob));
    const except = excludeFiles.map((glob) => excludePattern(directory, glob));
    const matches = (file: string) => among.some((each) => each.matches(file)) && !except.some((each) => each.matches(file));
    return { matches, set };
  });
  const known = new Map<string, Choices>();
  return (file) => {
    const matching = overrides.filter(({ matches }) => matches(file));
    const key = matching.map((each) => overrides.indexOf(each)).join();
    const choices = known.get(key) ?? choose(rules, matching.map(({ set }) => set).reduce(rulesOver, config.rules), config, settings);
    known.set(key, choices);
    return choices;
  };
}

/** Preset, then configuration, then command line. */
function choose(rules: readonly Rule[], set: Config['rules'], config: Config, { preset, severities }: PolicySettings): Choices {
  const level = PRESETS.indexOf(preset ?? config.preset);
  const chosen = rules.flatMap((rule) => {
    const configured = set[rule.id];
    const byPreset = PRESETS.indexOf(rule.preset) <= level ? rule.severity : 'off';
    const severity = severities?.get(rule.id) ?? configured?.severity ?? byPreset;
    return severity === 'off' ? [] : [[rule, { rule, severity, options: optionsOf(rule, configured) }] as const];
  });
  return new Map(chosen);
}

function refuseUnknown({ rules: set, overrides }: Pick<Config, 'rules' | 'overrides'>, rules: readonly Rule[]): void {
  const ids = rules.map(({ id }) => id);
  for (const [id, { at }] of [set, ...overrides.map((each) => each.rules)].flatMap((each) => Object.entries(each))) {
    if (!ids.includes(id)) throw new UsageError(`${at}: there is no rule "${id}"${didYouMean(id, ids) || '; aggro rules lists them all'}`);
  }
}

function optionsOf(rule: Rule, configured: RuleConfig | undefined): RuleOptions {
  const descriptors: Readonly<Record<string, { readonly default: boolean | number | string }>> = rule.options ?? {};
  const known = Object.keys(descriptors);
  const given = configured?.options ?? {};
  for (const [name, value] of Object.entries(given)) {
    const at = configured?.optionsAt?.[name] ?? configured?.at;
    const descriptor = Object.hasOwn(descriptors, name) ? descriptors[name] : undefined;
    if (!descriptor)
      throw new UsageError(
        `${at}: ${rule.id} has no option "${name}"${didYouMean(name, known) || (known.length > 0 ? ` (it has ${known.join(', ')})` : '')}`,
      );
    if (typeof value !== typeof descriptor.default)
      throw new UsageError(`${at}: option ${name} of ${rule.id} must be a ${typeof descriptor.default}, not ${JSON.stringify(value)}`);
  }
  const defaults = Object.fromEntries(known.map((name) => [name, descriptors[name]?.default ?? false]));
  return { ...defaults, ...(given as RuleOptions) };
}

function distinct(choices: readonly RuleChoice[]): readonly RuleChoice[] {
  return [...new Map(choices.map((choice) => [keyOf(choice), choice])).values()];
}

function keyOf({ rule, options }: RuleChoice): string {
  return `${rule.id} ${JSON.stringify(options)}`;
}
