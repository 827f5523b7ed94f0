import { explainRule } from '../../src/explain.js';
import { loadRules } from '../../src/load-rules.js';
import { palette } from '../../src/report/text.js';
import { textWidth, wantsColor } from '../channels.js';
import type { ExplainOptions } from '../options.js';
import { fixturesDir } from '../package.js';
import { unknownRule } from '../severities.js';

export async function run(id: string, options: ExplainOptions): Promise<void> {
  const rules = await loadRules();
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) {
    throw unknownRule(
      id,
      rules.map((candidate) => candidate.id),
    );
  }
  process.stdout.write(explainRule(rule, fixturesDir(), { width: textWidth(), paint: palette(wantsColor(options)) }));
}
