import { createTwoFilesPatch } from 'diff';

export interface Difference {
  /** Relative, posix. */
  readonly file: string;
  /** Undefined for a file that is new. */
  readonly before: string | undefined;
  readonly after: string;
}

/** A unified diff as `git apply` reads it. */
export function unifiedDiff(differences: readonly Difference[]): string {
  return differences
    .toSorted((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ file, before, after }) =>
      createTwoFilesPatch(before === undefined ? '/dev/null' : `a/${file}`, `b/${file}`, before ?? '', after, undefined, undefined, {
        context: 3,
      }).replace(/^=+\n/, ''),
    )
    .join('');
}
