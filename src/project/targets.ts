import path from 'node:path';
import type { Config } from '../config.js';
import { UsageError } from '../errors.js';
import { isFile, lstatOf, statOf } from '../on-disk.js';
import { type PathPattern, pathPattern } from './globs.js';
import { absolute, isUnder } from './paths.js';

/** A file, directory or glob that was named. */
export interface Target {
  readonly given: string;
  readonly kind: 'file' | 'directory' | 'glob';
  readonly path: PathPattern;
}

/** Without paths, what the configuration includes of the working directory, or all of it. */
export function targetsOf(cwd: string, paths: readonly string[], config: Config): readonly Target[] {
  const named = paths.filter((each) => !each.startsWith('!'));
  if (named.length > 0) return named.map((each) => targetOf(cwd, each));
  const whole = targetOf(cwd, '.');
  if (config.include.length === 0) return [whole];
  const included = config.include.map((each): Target => {
    const pattern = pathPattern(configDirectory(cwd, config), each);
    const from = isUnder(pattern.base, cwd) ? cwd : pattern.base;
    const isOneFile = pattern.literal && isFile(from);
    return { given: each, kind: isOneFile ? 'file' : 'glob', path: { ...pattern, base: from } };
  });
  return included.filter(({ path: { base } }) => isUnder(cwd, base));
}

/** Where the configuration's globs start. */
export function configDirectory(cwd: string, config: Config): string {
  return config.source === undefined ? cwd : absolute(cwd, path.dirname(config.source));
}

function targetOf(cwd: string, given: string): Target {
  const spelling = [given, given.replaceAll('\\', '/')].find((each) => lstatOf(absolute(cwd, each)));
  if (spelling !== undefined) return existing(cwd, given, spelling);
  // A backslash before a bracket escapes it; any other was a separator.
  const pattern = pathPattern(cwd, given.replaceAll(/\\(?![()[\]{}!+@])/g, '/'));
  if (pattern.literal) throw new UsageError(`${given} does not exist in ${cwd}; check the spelling, or quote it if it is a glob.`);
  return { given, kind: 'glob', path: pattern };
}

function existing(cwd: string, given: string, spelling: string): Target {
  const base = absolute(cwd, spelling);
  const stat = statOf(base);
  if (!stat) throw new UsageError(`${given} is a symbolic link that leads nowhere.`);
  const kind = stat.isDirectory() ? 'directory' : 'file';
  const matches =
    kind === 'file' ? (file: string) => file === base : (file: string) => base === '/' || file === base || file.startsWith(`${base}/`);
  return { given, kind, path: { pattern: spelling, base, literal: true, matches } };
}
