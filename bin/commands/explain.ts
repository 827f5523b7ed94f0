import { explainRule } from '../../src/explain.js';
import { loadRules } from '../../src/load-rules.js';
import { palette } from '../../src/report/palette.js';
import type { Rule } from '../../src/rule.js';
import { textWidth, wantsColor } from '../channels.js';
import type { ExplainOptions } from '../options.js';
import { fixturesDir } from '../package.js';
import { rulesFor } from '../settings.js';
import { unknownRule } from '../severities.js';

export async function run(id: string, options: ExplainOptions): Promise<void> {
  const rule = named(id, await loadRules()) ?? (await ownRule(id, options));
  process.stdout.write(explainRule(rule, fixturesDir(), { width: textWidth(), paint: palette(wantsColor(options)) }));
}

async function ownRule(id: string, options: ExplainOptions): Promise<Rule> {
  const rules = await rulesFor(options);
  const rule = named(id, rules);
  if (rule) return rule;
  throw unknownRule(
    id,
    rules.map((each) => each.id),
  );
}

function named(id: string, rules: readonly Rule[]): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
