import { mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../src/errors.js';

/** Prints, or writes the file in one step: whoever reads it sees the old content or the new, never half. */
export async function deliver(text: string, { output, cwd }: { readonly output?: string; readonly cwd: string }): Promise<void> {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    await replace(path.resolve(cwd, output), text);
  } catch (error) {
    throw new UsageError(`Cannot write ${output}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function replace(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const present = await stat(target).catch(() => undefined);
  if (present?.isDirectory()) throw new Error('it is a directory');
  // A pipe or a device has a name but no content to replace.
  if (present && !present.isFile()) return writeFile(target, text);
  await mkdir(path.dirname(target), { recursive: true });
  const draft = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, present ? { mode: present.mode } : {});
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
