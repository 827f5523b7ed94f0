import path from 'node:path';
import picomatch from 'picomatch';
import { globMatcher } from './glob-matcher.js';
import { absolute, isUnder } from './paths.js';

/** A pattern that somebody wrote: the directory where it starts to be a pattern, and what it matches. */
export interface PathPattern {
  readonly pattern: string;
  /** Absolute; for a literal path the path itself. */
  readonly base: string;
  readonly literal: boolean;
  /** Takes an absolute path. What lies in a matching directory matches, too. */
  readonly matches: (file: string) => boolean;
}

export function pathPattern(from: string, pattern: string): PathPattern {
  const { base, glob, isGlob } = picomatch.scan(pattern);
  if (!isGlob) {
    const literal = absolute(from, pattern.replaceAll(/\\(?=[^\w/])/g, ''));
    return { pattern, base: literal, literal: true, matches: (file) => isUnder(literal, file) };
  }
  const root = absolute(from, base.replaceAll(/\\(?=[^\w/])/g, ''));
  const body = path.posix.normalize(glob).replace(/\/$/, '');
  const matching = [body, `${body}/**`].map((each) => globMatcher(each, { dot: true }));
  const match = (file: string): boolean => matching.some((matches) => matches(file));
  return { pattern, base: root, literal: false, matches: (file) => isUnder(root, file) && match(file.slice(root.length + 1)) };
}

/** Like {@link pathPattern}, but a pattern without a slash means any depth: `*.dto.ts`, `legacy`. */
export function excludePattern(from: string, pattern: string): PathPattern {
  return pathPattern(from, pattern.replace(/\/$/, '').includes('/') ? pattern : `**/${pattern}`);
}
