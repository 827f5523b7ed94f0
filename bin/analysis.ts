import path from 'node:path';
import { analyze, type LintOptions as EngineOptions, lint } from '../src/lint.js';
import type { Report } from '../src/report/report.js';
import type { ProjectOptions } from './options.js';
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
    const moved = config.source === undefined ? {} : { source: path.join(then, path.relative(cwd, config.source)) };
    return analyze({ ...others, cwd: then, config: { ...config, ...moved }, onProgress });
  });
}

/** What the engine is asked, from what the user asked. */
export async function engineOptions(paths: readonly string[], options: ProjectOptions): Promise<EngineOptions> {
  return { cwd: directoryOf(options), paths, config: await configFor(options), types: options.types };
}
