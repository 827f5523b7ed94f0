import path from 'node:path';
import { type Config, loadConfig } from '../src/config.js';
import { UsageError } from '../src/errors.js';
import { allRules } from '../src/load-rules.js';
import { isDirectory } from '../src/on-disk.js';
import type { Rule } from '../src/rule.js';
import type { ConfiguredOptions } from './options.js';

export function directoryOf(options: Pick<ConfiguredOptions, 'cwd'>): string {
  const cwd = path.resolve(options.cwd);
  if (!isDirectory(cwd)) throw new UsageError(`There is no directory ${options.cwd}.`);
  return cwd;
}

export function configFor(options: ConfiguredOptions): Promise<Config> {
  return loadConfig({ cwd: directoryOf(options), file: options.config, dataOnly: options.configJsonOnly });
}

/** Ours, and those that the configuration names. */
export async function rulesFor(options: ConfiguredOptions): Promise<readonly Rule[]> {
  return (await allRules([await configFor(options)])).all;
}
