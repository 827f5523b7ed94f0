import { execFileSync } from 'node:child_process';

/** Tracked files with changes that are not committed, relative to the working directory; undefined where git does not keep it. */
export function uncommitted(cwd: string): readonly string[] | undefined {
  try {
    const out = execFileSync('git', ['status', '--porcelain=v1', '-z', '--untracked-files=no', '--', '.'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 28,
    });
    return out
      .split('\0')
      .filter((entry) => /^[ MADRCUT]{2} /.test(entry))
      .map((entry) => entry.slice(3));
  } catch {
    return undefined;
  }
}
