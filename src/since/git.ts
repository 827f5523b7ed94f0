import { spawnSync } from 'node:child_process';
import { UsageError } from '../errors.js';
import { toPosix } from '../project/paths.js';

/** A git repository, asked by running git. */
export interface Repository {
  /** Absolute, spelled like the working directory it was found from. */
  readonly root: string;
  /** What git prints; throws where it fails. */
  readonly ask: (args: readonly string[], input?: string) => Buffer;
  /** What git prints; undefined where it fails. */
  readonly tryAsk: (args: readonly string[]) => string | undefined;
}

export function repositoryOf(cwd: string): Repository {
  const top = run(cwd, ['rev-parse', '--show-toplevel', '--show-prefix']);
  if (top.status !== 0)
    throw new UsageError(
      `What changed is asked from git, and ${cwd} is not in a git repository. Run it inside one, or without --new-from, --changed and --staged.`,
    );
  const [toplevel = '', prefix = ''] = top.stdout.toString('utf8').split('\n');
  const inside = `/${prefix}`.replace(/\/$/, '');
  const here = toPosix(cwd);
  const root = here.endsWith(inside) ? here.slice(0, here.length - inside.length) || '/' : toplevel;
  return {
    root,
    ask(args, input) {
      const { status, stdout, stderr } = run(root, args, input);
      if (status !== 0) throw new UsageError(`git ${args.slice(0, 2).join(' ')} failed: ${stderr.toString('utf8').trim()}`);
      return stdout;
    },
    tryAsk(args) {
      const { status, stdout } = run(root, args);
      return status === 0 ? stdout.toString('utf8').trim() : undefined;
    },
  };
}

const ENOUGH = 2 ** 31 - 1;

function run(cwd: string, args: readonly string[], input?: string) {
  const result = spawnSync('git', ['-c', 'core.quotePath=false', ...args], { cwd, input, maxBuffer: ENOUGH, windowsHide: true });
  if (result.error) {
    const missing = 'code' in result.error && result.error.code === 'ENOENT';
    throw new UsageError(
      missing
        ? 'What changed is asked from git, and git is not installed or not on the PATH.'
        : `git could not be run: ${result.error.message}`,
    );
  }
  return result;
}

/** The commit that a change is compared with: where the branch left the one that is named. Undefined before the first commit. */
export function baseCommit(repository: Repository, ref: string): string | undefined {
  const { tryAsk } = repository;
  const head = tryAsk(['rev-parse', '--verify', '--quiet', 'HEAD']);
  if (head === undefined && ref === 'HEAD') return undefined;
  const commit = tryAsk(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  if (commit === undefined) throw noSuchCommit(repository, ref);
  if (head === undefined) return commit;
  const base = tryAsk(['merge-base', commit, head]);
  if (base === undefined && isShallow(repository))
    throw new UsageError(`${ref} and HEAD have no common commit in this shallow clone. ${DEEPEN}`);
  return base ?? commit;
}

const DEEPEN = 'Fetch the history that is missing: git fetch --unshallow, or fetch-depth: 0 in actions/checkout.';

function noSuchCommit(repository: Repository, ref: string): UsageError {
  const { root, tryAsk } = repository;
  const remote =
    tryAsk(['rev-parse', '--verify', '--quiet', '--end-of-options', `origin/${ref}^{commit}`]) === undefined
      ? ''
      : ` There is origin/${ref}.`;
  if (isShallow(repository)) return new UsageError(`${ref} names no commit in this shallow clone.${remote} ${DEEPEN}`);
  return new UsageError(
    `${ref} names no commit in ${root}.${remote || ' git branch --all lists the branches; one that was never fetched has to be fetched first.'}`,
  );
}

function isShallow({ tryAsk }: Repository): boolean {
  return tryAsk(['rev-parse', '--is-shallow-repository']) === 'true';
}

/** What is different from a commit, in the working tree or the index. Paths relative to the root of the repository. */
export interface Difference {
  /** Files whose text is another, new ones among them. */
  readonly changed: ReadonlySet<string>;
  /** New path by old path, of files that were moved. */
  readonly moved: ReadonlyMap<string, string>;
}

export function differenceFrom({ ask }: Repository, commit: string, where: 'worktree' | 'index'): Difference {
  const options = ['--raw', '-z', '-M', '--no-abbrev', '--no-relative', '--no-ext-diff', '--ignore-submodules=all'];
  const entries = rawEntries(ask(['diff', ...(where === 'index' ? ['--cached'] : []), ...options, commit, '--']).toString('utf8'));
  const untracked = where === 'index' ? [] : listOf(ask(['ls-files', '--others', '--exclude-standard', '-z', '--full-name']));
  const changed = new Set(entries.filter(({ status }) => status !== 'D' && status !== 'R100').map(({ file }) => file));
  const moved = new Map(
    entries.flatMap(({ from, file, status }) => (from !== undefined && status.startsWith('R') ? [[from, file] as const] : [])),
  );
  for (const [from, file] of movedByHand(ask, entries, untracked)) moved.set(from, file);
  const arrived = new Set(moved.values());
  for (const file of untracked) if (!arrived.has(file)) changed.add(file);
  return { changed, moved };
}

interface RawEntry {
  readonly status: string;
  readonly blob: string;
  readonly from?: string;
  readonly file: string;
}

/** `:100644 100644 <old> <new> R086\0old\0new\0`. */
function rawEntries(text: string): RawEntry[] {
  const parts = text.split('\0');
  const entries: RawEntry[] = [];
  for (let i = 0; i + 1 < parts.length; ) {
    const [, , blob = '', , status = ''] = (parts[i] ?? '').split(' ');
    const two = /^[RC]/.test(status);
    const [first = '', second = ''] = [parts[i + 1], parts[i + 2]];
    entries.push(two ? { status, blob, from: first, file: second } : { status, blob, file: first });
    i += two ? 3 : 2;
  }
  return entries;
}

/** git sees a file that was moved without it as one deleted and one untracked. */
function movedByHand(ask: Repository['ask'], entries: readonly RawEntry[], untracked: readonly string[]): [string, string][] {
  const deleted = new Map(entries.filter(({ status }) => status === 'D').map(({ blob, file }) => [blob, file]));
  const candidates = deleted.size === 0 ? [] : untracked.filter((file) => !file.includes('\n'));
  if (candidates.length === 0) return [];
  const blobs = ask(['hash-object', '--stdin-paths'], `${candidates.join('\n')}\n`)
    .toString('utf8')
    .split('\n');
  return candidates.flatMap((file, i): [string, string][] => {
    const from = deleted.get(blobs[i] ?? '');
    return from === undefined ? [] : [[from, file]];
  });
}

export function listOf(output: Buffer): string[] {
  return output.toString('utf8').split('\0').filter(Boolean);
}
