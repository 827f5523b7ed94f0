import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/** What this very version sealed there; undefined for whatever else lies there: cut off, altered, older, foreign. */
export function unsealed(file: string, by: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    const end = bytes.indexOf(10);
    const body = bytes.subarray(end + 1);
    return bytes.toString('latin1', 0, end) === sealOf(body, by) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** In one step, so that a reader meets the old content or the new. False where it can't be written: the next run has nothing to go by. */
export function seal(file: string, body: Buffer, by: string): boolean {
  return replaceFile(file, [`${sealOf(body, by)}\n`, body]);
}

/** Text is latin1. */
export function replaceFile(file: string, pieces: Iterable<Buffer | string>): boolean {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    try {
      writePieces(draft, 'w', pieces);
      renameSync(draft, file);
      return true;
    } finally {
      rmSync(draft, { force: true });
    }
  } catch {
    return false;
  }
}

/** A piece at a time: a large cache need not be in memory as a whole. Text is latin1. Throws what the file system throws. */
export function writePieces(file: string, flags: 'w' | 'a', pieces: Iterable<Buffer | string>): void {
  const opened = openSync(file, flags);
  try {
    for (const piece of pieces) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece;
      for (let written = 0; written < bytes.length; ) written += writeSync(opened, bytes, written);
    }
  } finally {
    closeSync(opened);
  }
}

function sealOf(body: Buffer, by: string): string {
  return createHash('sha1').update(by).update('\0').update(body).digest('hex');
}
