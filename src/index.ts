import type { AnalyzeRequest, LintRequest } from './api.js';
import type { Report } from './report/report.js';

export type { AnalyzeRequest, LintRequest } from './api.js';
export type { ModelSetting, OverrideSetting, Preset, Recogniser, RoleSetting, UserConfig } from './define-config.js';
export { defineConfig } from './define-config.js';
export { UsageError } from './errors.js';
export type * from './model/domain-model.js';
export type { Report, SuppressedViolation, Violation } from './report/report.js';
export type { Finding, OptionDescriptors, Related, Rule, RuleOptions } from './rule.js';
export { defineRule } from './rule.js';
export type { RuleSetting, RuleSettings, SeveritySetting } from './rule-settings.js';

// A configuration imports this module for `defineConfig` alone: the engine is loaded when it is asked.

/** What `aggro lint` finds. Rejects with a UsageError where there is nothing to read or a setting is wrong. */
export async function lint(request?: LintRequest): Promise<Report> {
  return (await import('./api.js')).lint(request);
}

/** The domain model of a codebase, as `aggro model` knows it: no rule is asked. */
export async function analyze(request?: AnalyzeRequest): Promise<Report> {
  return (await import('./api.js')).analyze(request);
}
