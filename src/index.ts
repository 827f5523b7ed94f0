export type { ModelSetting, OverrideSetting, Preset, Recogniser, RoleSetting, UserConfig } from './define-config.js';
export { defineConfig } from './define-config.js';
export type * from './model/domain-model.js';
export type { Finding, OptionDescriptors, Related, Rule, RuleOptions } from './rule.js';
export { defineRule } from './rule.js';
export type { RuleSetting, RuleSettings, SeveritySetting } from './rule-settings.js';
