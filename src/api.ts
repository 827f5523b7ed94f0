import path from 'node:path';
import { withBaseline } from './allow/with-baseline.js';
import { type Config, givenConfig, loadConfig } from './config.js';
import type { Preset, UserConfig } from './define-config.js';
import { UsageError } from './errors.js';
import * as engine from './lint.js';
import { isDirectory } from './on-disk.js';
import type { Report } from './report/report.js';

/** What to read, and by which settings. All optional: the working directory and its own configuration. */
export interface AnalyzeRequest {
  readonly cwd?: string;
  /** Files, directories or globs; what lies outside is context that the model knows and the report leaves out. */
  readonly paths?: readonly string[];
  /** A configuration, the file of one, or `false` for none; by default those that are found. */
  readonly config?: UserConfig | string | false;
  /** `full` lets the type checker answer where linking leaves a receiver open. */
  readonly types?: 'links' | 'full';
}

export interface LintRequest extends AnalyzeRequest {
  readonly preset?: Preset;
  /** The file of a baseline, or `false` for none; by default the nearest `.aggro-baseline.json`. */
  readonly baseline?: string | false;
}

/** As `aggro lint`, which prints what this gives. Rejects with a UsageError where there is nothing to read or a setting is wrong. */
export async function lint({ preset, baseline, ...request }: LintRequest = {}): Promise<Report> {
  const options = await optionsOf(request);
  return withBaseline(await engine.lint({ ...options, preset }), options.paths, options.cwd, baseline);
}

/** The model alone, as `aggro model`: no rule is asked. */
export async function analyze(request: AnalyzeRequest = {}): Promise<Report> {
  return engine.analyze(await optionsOf(request));
}

async function optionsOf({ cwd: given = '.', paths = [], config, types }: AnalyzeRequest): Promise<engine.LintOptions> {
  const cwd = path.resolve(given);
  if (!isDirectory(cwd)) throw new UsageError(`There is no directory ${given}.`);
  return { cwd, paths, config: await configFrom(config, cwd), types };
}

function configFrom(config: AnalyzeRequest['config'], cwd: string): Promise<Config> {
  if (typeof config === 'object') return givenConfig(config, cwd, 'config');
  return loadConfig({ cwd, file: config });
}
