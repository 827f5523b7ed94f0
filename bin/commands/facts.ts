import path from 'node:path';
import { ARTEFACT, artefactOf } from '../../src/cache/artefact.js';
import { visible } from '../../src/report/inert.js';
import { takeFacts } from '../../src/take-facts.js';
import { engineOptions } from '../analysis.js';
import { deliver } from '../deliver.js';
import { tellFailures } from '../failure.js';
import type { FactsOptions } from '../options.js';
import { version } from '../package.js';
import { withProgress } from '../progress.js';

/** What the files of a package say, for `lint --facts` of the whole. */
export async function run(paths: readonly string[], options: FactsOptions): Promise<void> {
  const { output = ARTEFACT } = options;
  const { cwd, taken, work, notices, failures } = await withProgress(async (onProgress) => {
    const engine = await engineOptions(paths, options);
    return { cwd: engine.cwd, ...(await takeFacts({ ...engine, onProgress })) };
  });
  const root = path.relative(path.dirname(path.resolve(cwd, output)), cwd) || '.';
  await deliver(artefactOf(taken, root, version()), { output, cwd });
  for (const notice of notices) process.stderr.write(`aggro: ${visible(notice)}\n`);
  process.stdout.write(`${output}: facts of ${taken.length} ${taken.length === 1 ? 'file' : 'files'}, ${work.parsed} parsed\n`);
  tellFailures({ failures }, options);
}
