import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The content as it was sealed by this very version; undefined for whatever else lies there: cut off, altered, older, foreign. */
export function unsealed(file: string, by: string): unknown {
  try {
    const bytes = readFileSync(file);
    const end = bytes.indexOf(10);
    const body = bytes.subarray(end + 1);
    return bytes.toString('latin1', 0, end) === sealOf(body, by) ? JSON.parse(body.toString()) : undefined;
  } catch {
    return undefined;
  }
}

/** In one step, so that a reader meets the old content or the new. False where it can't be written: the next run has nothing to go by. */
export function seal(file: string, content: unknown, by: string): boolean {
  const body = Buffer.from(JSON.stringify(content));
  return replaceFile(file, Buffer.concat([Buffer.from(`${sealOf(body, by)}\n`), body]));
}

export function replaceFile(file: string, content: Buffer | string): boolean {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    try {
      writeFileSync(draft, content, 'latin1');
      renameSync(draft, file);
      return true;
    } finally {
      rmSync(draft, { force: true });
    }
  } catch {
    return false;
  }
}

function sealOf(body: Buffer, by: string): string {
  return createHash('sha1').update(by).update('\0').update(body).digest('hex');
}
