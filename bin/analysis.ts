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

export async function engineOptions(paths: readonly string[], options: ProjectOptions): Promise<EngineOptions> {
  return { cwd: directoryOf(options), paths, config: await configFor(options), types: options.types };
}
