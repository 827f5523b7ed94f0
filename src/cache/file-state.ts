import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { bytesOf, statOf } from '../on-disk.js';

/** `[size, mtime, ctime, inode]`, times in milliseconds. */
export type Stamp = readonly [number, number, number, number];

export function stampOf(file: string): Stamp | undefined {
  const stat = statOf(file);
  return stat && stampFrom(stat);
}

export function stampFrom({ size, mtimeMs, ctimeMs, ino }: Stats): Stamp {
  return [size, mtimeMs, ctimeMs, ino];
}

export function sameStamp(a: Stamp | undefined, b: Stamp | undefined): boolean {
  return a !== undefined && b !== undefined && a.every((each, i) => each === b[i]);
}

/** Some file systems keep times to two seconds: what was written so shortly before may have been written again since. */
const COARSEST_MS = 2_000;

/** Whether an unchanged stamp, taken then, says that the content is unchanged. */
export function isTelling([, mtime, ctime]: Stamp, takenAt: number): boolean {
  return Math.max(mtime, ctime) < takenAt - COARSEST_MS;
}

export function hashOf(content: string | Uint8Array): string {
  return createHash('sha1').update(content).digest('base64url');
}

/** Undefined where it can't be read. */
export function contentHash(file: string): string | undefined {
  const bytes = bytesOf(file);
  return bytes && hashOf(bytes);
}
