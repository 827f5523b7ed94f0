import { readFileSync } from 'node:fs';
import path from 'node:path';
import ignore from 'ignore';
import { ancestors } from './paths.js';

/** The .gitignore files that apply in a directory, nearest first, as git does it: the nearest that says anything decides. */
export interface GitIgnore {
  readonly ignores: (file: string, directory: boolean) => boolean;
  /** The same with the .gitignore in that directory, which has one. */
  readonly within: (directory: string) => GitIgnore;
}

export function gitIgnoreAbove(directory: string, repository: string): GitIgnore {
  const above = ancestors(directory, repository).slice(1).toReversed();
  const rules = above.reduce<GitIgnore>((outer, each) => outer.within(each), NOTHING);
  // Somebody who names an ignored directory means it, and git would ignore everything in it.
  return directory !== repository && rules.ignores(directory, true) ? NOTHING : rules;
}

const NOTHING: GitIgnore = { ignores: () => false, within: (directory) => extended(NOTHING, directory) };

function extended(outer: GitIgnore, directory: string): GitIgnore {
  const text = textOf(path.posix.join(directory, '.gitignore'));
  if (text === undefined) return outer;
  const rules = ignore().add(text);
  const start = directory.endsWith('/') ? directory.length : directory.length + 1;
  const both: GitIgnore = {
    ignores: (file, isDirectory) => {
      const { ignored, unignored } = rules.test(isDirectory ? `${file.slice(start)}/` : file.slice(start));
      return ignored || (!unignored && outer.ignores(file, isDirectory));
    },
    within: (inner) => extended(both, inner),
  };
  return both;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
