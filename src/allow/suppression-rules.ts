import type { Rule } from '../rule.js';

/** What is said about the comments themselves. No model knows of them: `suppressions.ts` finds these when all rules have spoken. */
export const WITHOUT_REASON: Rule = {
  id: 'suppression-without-reason',
  title: 'Say why a finding is suppressed',
  why: 'A comment that silences a rule outlives the people who remember what for. Without a reason nobody can tell an accepted risk from a forgotten one.',
  remedy:
    'Write the reason behind the rule: `// aggro-disable-next-line rule -- reason`, or `@aggroIgnore rule reason` in a JSDoc comment.',
  source: 'Convention of ESLint, Ruff and Biome: a suppression names its rule and its reason',
  severity: 'error',
  preset: 'recommended',
  check: () => [],
};

export const UNUSED: Rule = {
  id: 'unused-suppression',
  title: 'Suppress only what is found',
  why: 'A comment that suppresses nothing says that something is wrong where nothing is, and will hide the next real finding in its place.',
  remedy: 'Delete it; where the name of the rule or of the directive is mistyped, mend that.',
  source: 'Convention of ESLint, Ruff and Biome: a suppression that is not needed is reported',
  severity: 'warning',
  preset: 'recommended',
  fixable: 'safe',
  check: () => [],
};

export const SUPPRESSION_RULES: readonly Rule[] = [WITHOUT_REASON, UNUSED];
