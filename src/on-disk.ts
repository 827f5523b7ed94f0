import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs';

/** Undefined for nothing, and for what can't be looked at: Node throws for a path below a file, also when it is asked not to. */
export function statOf(file: string): Stats | undefined {
  return undefinedOnError(() => statSync(file, { throwIfNoEntry: false }));
}

/** The same of a link itself. */
export function lstatOf(file: string): Stats | undefined {
  return undefinedOnError(() => lstatSync(file, { throwIfNoEntry: false }));
}

/** What is in a file now; undefined where there is none, or it can't be read. */
export function bytesOf(file: string): Buffer | undefined {
  return undefinedOnError(() => readFileSync(file));
}

export function isFile(file: string): boolean {
  return statOf(file)?.isFile() ?? false;
}

export function isDirectory(file: string): boolean {
  return statOf(file)?.isDirectory() ?? false;
}

function undefinedOnError<T>(look: () => T | undefined): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
