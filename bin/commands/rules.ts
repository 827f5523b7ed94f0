import { listRules } from '../../src/explain.js';
import { loadRules } from '../../src/load-rules.js';
import { palette } from '../../src/report/text.js';
import { textWidth, wantsColor } from '../channels.js';
import type { RulesOptions } from '../options.js';

export async function run(options: RulesOptions): Promise<void> {
  process.stdout.write(listRules(await loadRules(), { width: textWidth(), paint: palette(wantsColor(options)) }));
}
