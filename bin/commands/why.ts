import { subjectsNamed } from '../../src/report/lookup.js';
import { palette } from '../../src/report/palette.js';
import { why } from '../../src/report/why.js';
import { analyzed, directoryOf } from '../analysis.js';
import { textWidth, wantsColor } from '../channels.js';
import { deliver } from '../deliver.js';
import { tellFailures } from '../failure.js';
import type { WhyOptions } from '../options.js';

export async function run(name: string, options: WhyOptions): Promise<void> {
  const report = await analyzed(options.in ?? [], options);
  const answer = why(report, subjectsNamed(report, name), { width: textWidth(), paint: palette(wantsColor(options)) });
  await deliver(answer, { cwd: directoryOf(options) });
  tellFailures(report, options);
}
