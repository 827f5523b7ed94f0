import { listRules } from '../../src/explain.js';
import { palette } from '../../src/report/palette.js';
import { textWidth, wantsColor } from '../channels.js';
import type { RulesOptions } from '../options.js';
import { rulesFor } from '../settings.js';

export async function run(options: RulesOptions): Promise<void> {
  process.stdout.write(listRules(await rulesFor(options), { width: textWidth(), paint: palette(wantsColor(options)) }));
}
