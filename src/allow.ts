import { createHash } from 'node:crypto';
import type { Judged } from './check.js';
import type { Config } from './config.js';
import { didYouMean } from './did-you-mean.js';
import { UsageError } from './errors.js';
import type { Violation } from './report/report.js';
import type { Rule, RuleOptions } from './rule.js';

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

/** Findings become violations: in scope, sorted by place, with a fingerprint that moved lines do not change. */
export function allow(judged: readonly Judged[], reported: (file: string) => boolean): Violation[] {
  const seen = new Map<string, number>();
  return judged
    .filter(({ finding }) => reported(finding.at.file))
    .sort(
      (a, b) =>
        compare(a.finding.at.file, b.finding.at.file) ||
        a.finding.at.line - b.finding.at.line ||
        a.finding.at.column - b.finding.at.column ||
        compare(a.choice.rule.id, b.choice.rule.id),
    )
    .map(({ choice, finding }) => {
      const key = `${choice.rule.id}|${finding.at.file}|${finding.symbol}`;
      const nth = (seen.get(key) ?? 0) + 1;
      seen.set(key, nth);
      return {
        ruleId: choice.rule.id,
        severity: choice.severity,
        message: finding.message,
        at: finding.at,
        symbol: finding.symbol,
        ...(finding.aggregate === undefined ? {} : { aggregate: finding.aggregate }),
        related: finding.related ?? [],
        ...(finding.fix === undefined ? {} : { fix: finding.fix }),
        fingerprint: createHash('sha256').update(`${key}|${nth}`).digest('hex').slice(0, 16),
      };
    });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
