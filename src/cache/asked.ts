import fs from 'node:fs';
import { statOf } from '../on-disk.js';
import { contentHash, hashOf, isTelling, type Stamp, sameStamp, stampOf } from './file-state.js';

/** What a run has asked of its surroundings, and what it was told: as long as that holds, it would say the same again. */
export interface Asked {
  readonly takenAt: number;
  /** By path: what was read. */
  readonly contents: Readonly<Record<string, readonly [Stamp, hash: string]>>;
  /** By path: names and kinds in a directory. */
  readonly listings: Readonly<Record<string, readonly [Stamp, hash: string]>>;
  /** By path: whether it is a file or a directory; null for nothing. */
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly realPaths: Readonly<Record<string, string | null>>;
  /** Environment variables by name; null for one that was not set. */
  readonly env: Readonly<Record<string, string | null>>;
}

/** The hash of what was not read: the stamp alone has to tell. */
export const UNKNOWN = '';

export type Kind = 'file' | 'directory' | 'other' | null;

/** The first thing that is no longer as a run was told; undefined where all of it still holds. */
export function changedSince({ takenAt, contents, listings, kinds, realPaths, env }: Asked): string | undefined {
  for (const [name, value] of Object.entries(env)) if ((process.env[name] ?? null) !== value) return `$${name}`;
  for (const [file, kind] of Object.entries(kinds)) if (kindOf(file) !== kind) return file;
  const differs = (file: string, [stamp, hash]: readonly [Stamp, string], hashNow: (file: string) => string | undefined): boolean =>
    !(isTelling(stamp, takenAt) && sameStamp(stampOf(file), stamp)) && hashNow(file) !== hash;
  for (const [directory, known] of Object.entries(listings)) if (differs(directory, known, listingHash)) return directory;
  for (const [file, known] of Object.entries(contents)) if (differs(file, known, contentHash)) return file;
  for (const [file, real] of Object.entries(realPaths)) if (realPathOf(file) !== real) return file;
  return undefined;
}

export function kindOf(file: string): Kind {
  return kindIn(statOf(file));
}

export function kindIn(stat: fs.Stats | undefined): Kind {
  if (!stat) return null;
  return stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other';
}

export function realPathOf(file: string): string | null {
  try {
    return fs.realpathSync(file);
  } catch {
    return null;
  }
}

export function listingHash(directory: string): string | undefined {
  try {
    const names = fs.readdirSync(directory, { withFileTypes: true }).map((entry) => `${entry.name}\0${entry.isDirectory()}`);
    return hashOf(names.sort().join('\n'));
  } catch {
    return undefined;
  }
}
