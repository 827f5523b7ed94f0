import type { Config } from '../config.js';
import { didYouMean } from '../did-you-mean.js';
import { UsageError } from '../errors.js';
import type { Rule, RuleOptions } from '../rule.js';

export interface RuleChoice {
  readonly rule: Rule;
  readonly severity: 'info' | 'warning' | 'error';
  readonly options: RuleOptions;
}

const PRESETS = ['recommended', 'strict', 'all'] as const;
type Preset = (typeof PRESETS)[number];

/** Which rules run and how loud: preset, then configuration, then command line. */
export function choose(
  rules: readonly Rule[],
  settings: {
    readonly config: Config;
    readonly preset?: Preset | undefined;
    readonly severities?: ReadonlyMap<string, 'off' | 'info' | 'warning' | 'error'> | undefined;
  },
): RuleChoice[] {
  const { config } = settings;
  const ids = rules.map((r) => r.id);
  for (const id of Object.keys(config.rules)) {
    if (!ids.includes(id))
      throw new UsageError(`${config.source ?? 'The configuration'} names the rule "${id}", which does not exist${didYouMean(id, ids)}`);
  }
  const preset = PRESETS.indexOf(settings.preset ?? config.preset);
  return rules.flatMap((rule) => {
    const configured = config.rules[rule.id];
    const byPreset = PRESETS.indexOf(rule.preset) <= preset ? rule.severity : 'off';
    const severity = settings.severities?.get(rule.id) ?? configured?.severity ?? byPreset;
    return severity === 'off' ? [] : [{ rule, severity, options: optionsOf(rule, configured?.options ?? {}, config) }];
  });
}

function optionsOf(rule: Rule, given: Readonly<Record<string, unknown>>, config: Config): RuleOptions {
  const descriptors: Readonly<Record<string, { readonly default: boolean | number | string }>> = rule.options ?? {};
  const known = Object.keys(descriptors);
  for (const [name, value] of Object.entries(given)) {
    const descriptor = Object.hasOwn(descriptors, name) ? descriptors[name] : undefined;
    if (!descriptor)
      throw new UsageError(
        `${config.source ?? 'The configuration'}: rule ${rule.id} has no option "${name}"${didYouMean(name, known) || (known.length > 0 ? ` (it has ${known.join(', ')})` : '')}`,
      );
    if (typeof value !== typeof descriptor.default)
      throw new UsageError(
        `${config.source ?? 'The configuration'}: option ${name} of ${rule.id} must be a ${typeof descriptor.default}, not ${JSON.stringify(value)}`,
      );
  }
  const defaults = Object.fromEntries(known.map((name) => [name, descriptors[name]?.default ?? false]));
  return { ...defaults, ...(given as RuleOptions) };
}
