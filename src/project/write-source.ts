import { closeSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { UsageError } from '../errors.js';
import { readSource } from './read-source.js';

/**
 * Replaces the text of a source file in one step: whoever reads it sees the old text or the new, even after a crash. Encoding, byte
 * order mark and mode stay; a symbolic link stays one. Refuses where the file no longer holds the text that was judged.
 */
export function writeSource(file: string, judged: string, text: string): void {
  const target = realpathSync(file);
  if (readSource(target) !== judged) throw new UsageError(`${file} was changed meanwhile and is left as it is. Run aggro again.`);
  const draft = `${target}.${process.pid}.tmp`;
  try {
    const descriptor = openSync(draft, 'wx', statSync(target).mode);
    try {
      writeSync(descriptor, encoded(text, readFileSync(target)));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new UsageError(`${file} could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** As the bytes that are there are. */
function encoded(text: string, like: Buffer): Buffer {
  if (like[0] === 0xff && like[1] === 0xfe) return Buffer.concat([like.subarray(0, 2), Buffer.from(text, 'utf16le')]);
  if (like[0] === 0xfe && like[1] === 0xff) return Buffer.concat([like.subarray(0, 2), Buffer.from(text, 'utf16le').swap16()]);
  if (like[0] === 0xef && like[1] === 0xbb && like[2] === 0xbf) return Buffer.concat([like.subarray(0, 3), Buffer.from(text, 'utf8')]);
  return Buffer.from(text, 'utf8');
}
