import { realpathSync } from 'node:fs';
import path from 'node:path';

/** Absolute posix paths everywhere inside: they compare as strings. */
export function toPosix(file: string): string {
  return path.sep === '\\' ? file.replaceAll('\\', '/') : file;
}

export function absolute(from: string, file: string): string {
  return toPosix(path.resolve(from, file));
}

/** Whether the file is the directory or lies in it. */
export function isUnder(directory: string, file: string): boolean {
  return file === directory || file.startsWith(directory.endsWith('/') ? directory : `${directory}/`);
}

/** The directory, its parent and so on up to and including `top`; the directory alone where it does not lie in `top`. */
export function ancestors(directory: string, top: string): readonly string[] {
  const from = toPosix(directory);
  if (!isUnder(top, from)) return [from];
  const found = [from];
  for (let at = from; at !== top; ) {
    at = path.posix.dirname(at);
    found.push(at);
  }
  return found;
}

/** Where an existing path leads, without changing the spelling of what lies in `from`: that may itself be reached through a link. */
export function realPathFrom(from: string, file: string): string {
  const [realFrom, real] = [toPosix(realpathSync(from)), toPosix(realpathSync(file))];
  return isUnder(realFrom, real) ? absolute(from, path.posix.relative(realFrom, real)) : real;
}
