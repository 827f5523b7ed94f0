import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { bytesOf } from '../on-disk.js';
import { absolute, isUnder } from '../project/paths.js';
import { decoded } from '../project/read-source.js';
import { repositoryRoot } from '../project/repository.js';
import { type FileToWrite, writeFiles } from '../write-files.js';
import type { AppliedFix, FixedFile } from './fix.js';

export interface Saved {
  /** Absolute paths. */
  readonly written: readonly string[];
  readonly left: readonly LeftFile[];
}

export interface LeftFile {
  readonly file: string;
  /** The end of the sentence "left as it is: …". */
  readonly why: string;
}

/**
 * Writes what was fixed. A file that cannot or must not be written keeps its content, and so do all that share a fix with it: half a
 * fix would break the build.
 */
export function save(files: readonly FixedFile[], applied: readonly AppliedFix[], cwd: string): Saved {
  const root = realpathSync(repositoryRoot(absolute(cwd, '.')));
  const obstacles = new Map<string, string>();
  const ready = new Map<string, FileToWrite>();
  for (const each of files) {
    const outcome = prepared(each, root);
    if (typeof outcome === 'string') obstacles.set(each.file, outcome);
    else ready.set(each.file, outcome);
  }
  const left = [...obstacles].map(([file, why]): LeftFile => ({ file, why }));
  for (const [file, culprit] of tiedTo(obstacles, applied)) {
    if (!ready.delete(file)) continue;
    left.push({ file, why: `a fix that also changes ${culprit} would be made by half` });
  }
  const late = writeFiles([...ready.values()]);
  return {
    written: [...ready.keys()].filter((file) => !late.includes(file)),
    left: [...left, ...late.map((file) => ({ file, why: CHANGED }))],
  };
}

const CHANGED = 'it changed on disk while aggro was running';

/** What to write, or why not. */
function prepared({ file, before, after }: FixedFile, root: string): FileToWrite | string {
  const present = bytesOf(file);
  if (before === undefined)
    return present === undefined ? { file, bytes: Buffer.from(after), unchanged: () => !bytesOf(file) } : 'it exists already';
  if (present === undefined) return 'it is gone';
  if (decoded(present) !== before) return CHANGED;
  const real = realpathSync(file);
  if (!isUnder(root, real)) return `it leads to ${real}, outside the project`;
  if (!isWritable(real)) return 'it is read-only';
  if (!encoded(before, present).equals(present)) return 'it is neither UTF-8 nor UTF-16';
  return { file, bytes: encoded(after, present), unchanged: () => bytesOf(file)?.equals(present) === true };
}

/** For root every file is writable: then the bits say what its owner meant. */
function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return (statSync(file).mode & 0o222) !== 0;
  } catch (error) {
    // A disk that takes nothing is no property of the file: writing says so, and ends the run.
    return (error as NodeJS.ErrnoException).code === 'EROFS';
  }
}

/** In the encoding, and with the byte order mark, of what is there. */
function encoded(text: string, like: Buffer): Buffer {
  if (like[0] === 0xff && like[1] === 0xfe) return Buffer.concat([like.subarray(0, 2), Buffer.from(text, 'utf16le')]);
  if (like[0] === 0xfe && like[1] === 0xff) return Buffer.concat([like.subarray(0, 2), Buffer.from(text, 'utf16le').swap16()]);
  const mark = like[0] === 0xef && like[1] === 0xbb && like[2] === 0xbf;
  return Buffer.concat([mark ? like.subarray(0, 3) : Buffer.alloc(0), Buffer.from(text, 'utf8')]);
}

/** Every file that some chain of fixes ties to one of these, and which. */
function tiedTo(obstacles: ReadonlyMap<string, string>, applied: readonly AppliedFix[]): ReadonlyMap<string, string> {
  const tied = new Map([...obstacles.keys()].map((file) => [file, file]));
  for (let grown = true; grown; ) {
    grown = false;
    for (const { files } of applied) {
      const culprit = files.map((file) => tied.get(file)).find((found) => found !== undefined);
      if (culprit === undefined) continue;
      for (const file of files) {
        if (tied.has(file)) continue;
        tied.set(file, culprit);
        grown = true;
      }
    }
  }
  return tied;
}
