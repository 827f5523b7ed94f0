import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UsageError } from '../errors.js';

/** The code as a git ref has it, in a directory of its own. */
export interface PastTree {
  /** What the working directory was then; undefined where it did not exist. */
  readonly cwd: string | undefined;
  readonly dispose: () => void;
}

/** What a model is read from: sources, Prisma schemas, and the files that say how they belong together. */
const READ = /(?:\.[cm]?tsx?|\.jsonc?|\.prisma|\.ya?ml|(?:^|\/)\.gitignore)$/;
const LINK = '120000';
/** Nothing of git's own is written or run: no hooks, no shared index, no monitor. */
const QUIET = [
  'core.hooksPath=/dev/null',
  'core.splitIndex=false',
  'core.untrackedCache=false',
  'core.fsmonitor=false',
  'core.sparseCheckout=false',
];
/** What git sets in hooks would lead it to another index or tree. */
const MISLEADING = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX'];

/** Reads the files of the ref out of git's store by an index of their own: the working tree and its index stay as they are. */
export function treeAt(ref: string, cwd: string): PastTree {
  const [root = '', prefix = ''] = git(
    cwd,
    ['rev-parse', '--show-toplevel', '--show-prefix'],
    () => `${cwd} is not in a git repository, so there is no "${ref}" to compare with.`,
  ).split('\n');
  const commit = git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], () => unknownRef(ref, root)).trim();
  const aside = mkdtempSync(path.join(tmpdir(), 'aggro-ref-'));
  const dispose = (): void => {
    process.off('exit', dispose);
    rmSync(aside, { recursive: true, force: true });
  };
  process.on('exit', dispose);
  try {
    const tree = path.join(aside, 'tree');
    const run = (args: readonly string[], input?: string): string =>
      git(root, args, (reason) => `Cannot read "${ref}" from git: ${reason}`, { index: path.join(aside, 'index'), input });
    run(['read-tree', commit]);
    const entries = run(['ls-files', '--stage', '-z'])
      .split('\0')
      .flatMap((entry) => {
        const [, mode = '', file = ''] = /^(\d+) \S+ \d\t(.*)$/s.exec(entry) ?? [];
        return mode === LINK || READ.test(file) ? [file] : [];
      });
    // Marks the root, above which nothing is read.
    mkdirSync(path.join(tree, '.git'), { recursive: true });
    run(['checkout-index', '--force', '-z', '--stdin', `--prefix=${tree}/`], entries.map((file) => `${file}\0`).join(''));
    const then = path.join(tree, prefix);
    return { cwd: existsSync(then) ? then : undefined, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function git(
  cwd: string,
  args: readonly string[],
  complaint: (reason: string) => string,
  { index, input = '' }: { readonly index?: string; readonly input?: string | undefined } = {},
): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !MISLEADING.includes(name)));
  const result = spawnSync('git', [...QUIET.flatMap((setting) => ['-c', setting]), ...args], {
    cwd,
    input,
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
    env: { ...env, LC_ALL: 'C', GIT_LFS_SKIP_SMUDGE: '1', GIT_OPTIONAL_LOCKS: '0', ...(index !== undefined && { GIT_INDEX_FILE: index }) },
  });
  if (result.status === 0) return result.stdout;
  throw new UsageError(
    missing(result) ? 'git is needed to read another state of the code, and is not installed.' : complaint(reasonOf(result)),
  );
}

function missing({ error }: SpawnSyncReturns<string>): boolean {
  return error !== undefined && 'code' in error && error.code === 'ENOENT';
}

function reasonOf({ stderr, error }: SpawnSyncReturns<string>): string {
  return stderr?.trim().split('\n')[0] || error?.message || 'it failed without a word';
}

function unknownRef(ref: string, root: string): string {
  const shallow = existsSync(path.join(root, '.git', 'shallow'));
  const hint = shallow ? ' This clone is shallow: fetch it first (in GitHub Actions, actions/checkout with fetch-depth: 0).' : '';
  return `git knows no commit "${ref}".${hint || ' A branch of a remote is called origin/NAME here, once it is fetched.'}`;
}
