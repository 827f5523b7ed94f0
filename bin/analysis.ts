import { statSync } from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../src/config.js';
import { UsageError } from '../src/errors.js';
import { analyze, type LintOptions as EngineOptions, lint } from '../src/lint.js';
import type { Report } from '../src/report/report.js';
import type { ProjectOptions } from './options.js';
import { withProgress } from './progress.js';

export type RuleChoices = Pick<EngineOptions, 'preset' | 'severities'>;

/** From command-line options to a report with violations. */
export function linted(paths: readonly string[], options: ProjectOptions, choices: RuleChoices = {}): Promise<Report> {
  return withProgress(async (onProgress) => lint({ ...(await engineOptions(paths, options)), ...choices, onProgress }));
}

/** The model alone. */
export function analyzed(paths: readonly string[], options: ProjectOptions): Promise<Report> {
  return withProgress(async (onProgress) => analyze({ ...(await engineOptions(paths, options)), onProgress }));
}

export function directoryOf(options: ProjectOptions): string {
  const cwd = path.resolve(options.cwd);
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`There is no directory ${options.cwd}.`);
  return cwd;
}

export async function engineOptions(paths: readonly string[], options: ProjectOptions): Promise<EngineOptions> {
  const cwd = directoryOf(options);
  const config = await loadConfig({ cwd, file: options.config });
  return { cwd, paths, config, types: options.types };
}
