import { diagnose } from '../../src/doctor/diagnose.js';
import { diagnosisText } from '../../src/doctor/diagnosis-text.js';
import { palette } from '../../src/report/palette.js';
import { engineOptions } from '../analysis.js';
import { textWidth, wantsColor } from '../channels.js';
import type { DoctorOptions } from '../options.js';
import { withProgress } from '../progress.js';

export async function run(paths: readonly string[], options: DoctorOptions): Promise<void> {
  if (options.printConfig !== undefined) return (await import('./print-config.js')).run(options.printConfig, options);
  const diagnosis = await withProgress(async (onProgress) => diagnose({ ...(await engineOptions(paths, options)), onProgress }));
  process.stdout.write(
    options.format === 'json'
      ? `${JSON.stringify(diagnosis, undefined, 2)}\n`
      : diagnosisText(diagnosis, { width: textWidth(), paint: palette(wantsColor(options)) }),
  );
}
