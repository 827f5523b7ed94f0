import fs from 'node:fs';
import { statOf } from '../on-disk.js';
import { contentHash, hashOf, isTelling, type Stamp, sameStamp, stampOf } from './file-state.js';

/** What a run has asked of its surroundings, and what it was told: as long as that holds, it would say the same again. */
export interface Asked {
  readonly takenAt: number;
  /** What was read. */
  readonly contents: readonly Stamped[];
  /** Names and kinds in directories. */
  readonly listings: readonly Stamped[];
  /** Whether it is a file or a directory; null for nothing. */
  readonly kinds: readonly (readonly [path: string, Kind])[];
  readonly realPaths: readonly (readonly [path: string, string | null])[];
  /** Environment variables by name; null for one that was not set. */
  readonly env: Readonly<Record<string, string | null>>;
}

/** Lists, not objects by path: those of thousands of paths take JSON.parse several times as long. */
export type Stamped = readonly [path: string, Stamp, hash: string, use?: Use];

/**
 * Of a source of which nothing but its facts was asked for: the key that these are kept by, and what of them counts, all that they
 * say or not even where they say it.
 */
export type Use = readonly [key: string, counts: 'places' | 'meaning'];

/** The hash of what was not read: the stamp alone has to tell. */
export const UNKNOWN = '';

export type Kind = 'file' | 'directory' | 'other' | null;

/**
 * The first thing that is no longer as a run was told, none where all of it still holds; or sources of which only the facts count.
 * `seen` gets the stamps that were found, so that nobody has to look again.
 */
export function changedSince(asked: Asked, seen: Map<string, Stamp>): string | readonly Stamped[] {
  const { takenAt, contents, listings, kinds, realPaths, env } = asked;
  const variable = Object.entries(env).find(([name, value]) => (process.env[name] ?? null) !== value);
  if (variable) return `$${variable[0]}`;
  const differs = ([file, stamp, hash]: Stamped, hashNow: (file: string) => string | undefined): boolean => {
    const now = stampOf(file);
    if (now) seen.set(file, now);
    return !(isTelling(stamp, takenAt) && sameStamp(now, stamp)) && hashNow(file) !== hash;
  };
  const edited: Stamped[] = [];
  const changed =
    kinds.find(([file, kind]) => kindOf(file) !== kind) ??
    listings.find((listing) => differs(listing, listingHash)) ??
    contents.find((content) => differs(content, contentHash) && (content[3] === undefined || edited.push(content) > MOST_EDITED)) ??
    realPaths.find(([file, real]) => realPathOf(file) !== real);
  return changed?.[0] ?? edited;
}

/** Whoever changed more has another branch. */
const MOST_EDITED = 20;

export function kindOf(file: string): Kind {
  return kindIn(statOf(file));
}

export function kindIn(stat: fs.Stats | undefined): Kind {
  if (!stat) return null;
  return stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other';
}

export function realPathOf(file: string): string | null {
  try {
    return fs.realpathSync.native(file);
  } catch {
    return null;
  }
}

export function listingHash(directory: string): string | undefined {
  try {
    return namesHash(fs.readdirSync(directory, { withFileTypes: true }));
  } catch {
    return undefined;
  }
}

export function namesHash(entries: readonly fs.Dirent[]): string {
  const names = entries.map((entry) => `${entry.name}\0${entry.isDirectory()}`);
  return hashOf(names.sort().join('\n'));
}
