import { modelJson } from '../../src/report/model-json.js';
import { analyzed, directoryOf } from '../analysis.js';
import { deliver } from '../deliver.js';
import { tellFailures } from '../failure.js';
import type { ModelOptions } from '../options.js';

export async function run(paths: readonly string[], options: ModelOptions): Promise<void> {
  const report = await analyzed(paths, options);
  await deliver(modelJson(report), { ...options, cwd: directoryOf(options) });
  tellFailures(report, options);
}
