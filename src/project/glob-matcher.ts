import picomatch from 'picomatch';
import { UsageError } from '../errors.js';
import { boundedRegExp } from './bounded-regexp.js';

const LONGEST = 1_000;

/** Whether a text is what a glob means. Users and repositories write globs: no glob and no text makes it take long. */
export function globMatcher(glob: string, options: { readonly dot: boolean }): (text: string) => boolean {
  const matches = bounded(glob, options);
  if (typeof matches === 'string') throw new UsageError(`The glob ${shortened(glob)} ${matches}`);
  // As picomatch has it, a name with brackets in it means itself, too.
  return (text) => text !== '' && (text === glob || matches(text));
}

/** Why a glob is not taken, and what to do. */
export function globProblem(glob: string): string | undefined {
  const matches = bounded(glob, { dot: true });
  return typeof matches === 'string' ? matches : undefined;
}

function bounded(glob: string, options: { readonly dot: boolean }): string | ((text: string) => boolean) {
  if (glob.length > LONGEST) return `has ${glob.length} characters; ${LONGEST} are allowed: make several of it`;
  return boundedRegExp(sourceOf(glob, options)) ?? BEHIND;
}

const BEHIND =
  'holds more of a regular expression than is matched in bounded time: say it with *, **, ?, [abc], {a,b}, @(a|b), +(a), *(a), ?(a) and !(a)';

function sourceOf(glob: string, { dot }: { readonly dot: boolean }): string {
  return glob === '' ? '$^' : picomatch.makeRe(glob, { dot, windows: process.platform === 'win32' }).source;
}

function shortened(glob: string): string {
  return glob.length <= 80 ? glob : `${glob.slice(0, 79)}…`;
}
