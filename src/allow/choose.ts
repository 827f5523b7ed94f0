import type { Rule, RuleOptions } from '../rule.js';

export interface RuleChoice {
  readonly rule: Rule;
  readonly severity: 'info' | 'warning' | 'error';
  readonly options: RuleOptions;
}
