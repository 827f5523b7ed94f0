import {
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { UsageError } from './errors.js';
import { lstatOf, statOf } from './on-disk.js';

export interface FileToWrite {
  /** Absolute. A link is followed: what it leads to is written. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Asked at the last moment: a file that is not as it should be is left alone. */
  readonly unchanged?: () => boolean;
}

/**
 * Writes all files or, where one cannot be written, none: each is first written whole beside its place and flushed, then all are
 * moved there. Whoever reads a file sees the old content or the new, also after a crash. Mode and owner stay as they were.
 * Returns the files that were left alone because they had changed. Throws a UsageError that names the file.
 */
export function writeFiles(files: readonly FileToWrite[]): readonly string[] {
  const drafts: { readonly draft: string; readonly target: string; readonly of: FileToWrite }[] = [];
  let at = '';
  try {
    for (const [i, of] of files.entries()) {
      at = of.file;
      const target = realpathOf(of.file);
      const draft = path.join(path.dirname(target), `.${path.basename(target)}.aggro-${process.pid}-${i}`);
      drafts.push({ draft, target, of });
      writeDraft(draft, of.bytes, statOf(target));
    }
    const changed: string[] = [];
    for (const { draft, target, of } of drafts) {
      at = of.file;
      if (of.unchanged?.() === false) changed.push(of.file);
      else renameSync(draft, target);
    }
    return changed;
  } catch (error) {
    throw new UsageError(`Cannot write ${at}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    for (const { draft } of drafts) if (lstatOf(draft)) rmSync(draft, { force: true });
  }
}

function realpathOf(file: string): string {
  return lstatOf(file)?.isSymbolicLink() ? realpathSync(file) : file;
}

function writeDraft(draft: string, bytes: Uint8Array, present: Stats | undefined): void {
  mkdirSync(path.dirname(draft), { recursive: true });
  const descriptor = openSync(draft, 'wx', present ? present.mode & 0o7777 : 0o666);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  if (!present) return;
  const made = statSync(draft);
  if (made.uid !== present.uid || made.gid !== present.gid) chownSync(draft, present.uid, present.gid);
}
