import { homedir } from 'node:os';
import path from 'node:path';
import { isDirectory, statOf } from '../on-disk.js';
import { hashOf } from './file-state.js';

export interface CachePlace {
  /** What is known of one working directory. */
  readonly own: string;
  /** Compiled code, which depends on no working directory. */
  readonly code: string;
}

/** Beside the nearest installed packages, else in the user's own cache folder. */
export function cachePlace(cwd: string, given?: string): CachePlace {
  if (given !== undefined) return together(path.resolve(cwd, given));
  for (let at = cwd; ; at = path.dirname(at)) {
    if (isDirectory(path.join(at, 'node_modules'))) return together(path.join(at, 'node_modules/.cache/aggro'));
    if (statOf(path.join(at, '.git')) || path.dirname(at) === at) break;
  }
  const users = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'aggro');
  return { own: path.join(users, hashOf(cwd).slice(0, 16)), code: users };
}

function together(place: string): CachePlace {
  return { own: place, code: place };
}
