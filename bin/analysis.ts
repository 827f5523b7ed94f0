import path from 'node:path';
import { moved } from '../src/config.js';
import { analyze, type LintOptions as EngineOptions, lint } from '../src/lint.js';
import type { Report } from '../src/report/report.js';
import { keptFacts } from './cache.js';
import type { LintOptions, ProjectOptions } from './options.js';
import { version } from './package.js';
import { withProgress } from './progress.js';
import { configFor, directoryOf } from './settings.js';

export { directoryOf } from './settings.js';

export type RuleChoices = Pick<EngineOptions, 'preset' | 'severities'>;

/** From command-line options to a report with violations. */
export function linted(paths: readonly string[], options: ProjectOptions, choices: RuleChoices = {}): Promise<Report> {
  return withProgress(async (onProgress) => lint({ ...(await engineOptions(paths, options)), ...choices, onProgress }));
}

/** The model alone. */
export function analyzed(paths: readonly string[], options: ProjectOptions): Promise<Report> {
  return withProgress(async (onProgress) => analyze({ ...(await engineOptions(paths, options)), onProgress }));
}

/** The model of another state of the working directory, put aside in `then`, under the configuration that holds today. */
export function analyzedAside(then: string, paths: readonly string[], options: ProjectOptions): Promise<Report> {
  return withProgress(async (onProgress) => {
    const { cwd, config, ...others } = await engineOptions(paths, options);
    // Its globs start where it lies.
    return analyze({
      ...others,
      cwd: then,
      config: moved(config, (file) => (path.isAbsolute(file) ? path.join(then, path.relative(cwd, file)) : file)),
      onProgress,
    });
  });
}

/** What the engine is asked, from what the user asked. */
export async function engineOptions(
  paths: readonly string[],
  options: ProjectOptions & Pick<LintOptions, 'facts'>,
): Promise<EngineOptions> {
  const cwd = directoryOf(options);
  return { cwd, paths, config: await configFor(options), types: options.types, store: await storeFor(cwd, options) };
}

async function storeFor(cwd: string, { facts }: ProjectOptions & Pick<LintOptions, 'facts'>): Promise<EngineOptions['store']> {
  if (facts === undefined) return keptFacts(cwd);
  const { ARTEFACT, factsFromArtefacts } = await import('../src/cache/artefact.js');
  const { artefactsAt } = await import('../src/project/artefacts.js');
  return factsFromArtefacts(artefactsAt(cwd, facts, ARTEFACT), cwd, version());
}
