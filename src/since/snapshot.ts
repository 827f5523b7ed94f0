import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toPosix } from '../project/paths.js';
import { listOf, type Repository } from './git.js';

/**
 * Runs the work over the sources as a commit or the index has them, in a directory of their own: what decides which files are
 * read and what an import means (tsconfigs, manifests, ignore files) is then of one piece with the sources.
 */
export async function withSnapshot<Result>(
  repository: Repository,
  tree: string | 'index',
  work: (root: string) => Promise<Result>,
): Promise<Result> {
  const root = toPosix(realpathSync(mkdtempSync(path.join(tmpdir(), 'aggro-'))));
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  const interrupted = (): void => process.exit(130);
  process.once('exit', remove);
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    write(repository, entriesOf(repository, tree), root);
    return await work(root);
  } finally {
    process.off('exit', remove);
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    remove();
  }
}

interface TreeEntry {
  readonly file: string;
  readonly blob: string;
  readonly link: boolean;
}

/** What the analysis may read; everything else of a tree is left where it is. */
const READ = /\.(?:[cm]?tsx?|prisma)$|(?:^|\/)(?:\.gitignore|pnpm-workspace\.yaml|\.aggro-baseline\.json)$|\.json$/;
const HEAVY = /(?:^|\/)(?:package-lock|npm-shrinkwrap|composer)\.json$/;

function entriesOf({ ask }: Repository, tree: string | 'index'): TreeEntry[] {
  const lines = listOf(
    tree === 'index' ? ask(['ls-files', '--stage', '-z', '--full-name']) : ask(['ls-tree', '-r', '-z', '--full-tree', tree]),
  );
  return lines.flatMap((line): TreeEntry[] => {
    const [head = '', file = ''] = split(line, '\t');
    const [mode = '', second = '', third = ''] = head.split(' ');
    // ls-tree: mode type blob; ls-files: mode blob stage, of which the higher ones are the sides of a conflict.
    const blob = tree === 'index' ? second : third;
    if (mode === '160000' || (tree === 'index' && third !== '0' && third !== '2')) return [];
    const link = mode === '120000';
    return link || (READ.test(file) && !HEAVY.test(file)) ? [{ file, blob, link }] : [];
  });
}

function write(repository: Repository, entries: readonly TreeEntry[], root: string): void {
  const contents = blobs(repository, [...new Set(entries.map(({ blob }) => blob))]);
  const made = new Set<string>();
  for (const { file, blob, link } of entries) {
    const target = path.posix.join(root, file);
    const directory = path.posix.dirname(target);
    if (!made.has(directory)) mkdirSync(directory, { recursive: true });
    made.add(directory);
    const content = contents.get(blob) ?? Buffer.alloc(0);
    if (link) symlinkSync(content.toString('utf8'), target);
    else writeFileSync(target, content);
  }
  // So that the snapshot ends where the repository does.
  writeFileSync(path.posix.join(root, '.git'), '');
  linkDependencies(repository.root, root, entries);
}

/** A tsconfig may extend one of an installed package. */
function linkDependencies(from: string, root: string, entries: readonly TreeEntry[]): void {
  const packages = entries.flatMap(({ file }) => (path.posix.basename(file) === 'package.json' ? [path.posix.dirname(file)] : []));
  for (const directory of new Set(['.', ...packages])) {
    const installed = path.posix.join(from, directory, 'node_modules');
    const here = path.posix.join(root, directory, 'node_modules');
    if (existsSync(installed) && !existsSync(here)) symlinkSync(installed, here, 'junction');
  }
}

/** Contents by object name, in one go. */
function blobs({ ask }: Repository, names: readonly string[]): Map<string, Buffer> {
  if (names.length === 0) return new Map();
  const output = ask(['cat-file', '--batch'], `${names.join('\n')}\n`);
  const found = new Map<string, Buffer>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0x0a, at);
    const [name = '', type, size = '0'] = output.toString('utf8', at, end).split(' ');
    if (type !== 'blob') {
      at = end + 1;
      continue;
    }
    const start = end + 1;
    found.set(name, output.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return found;
}

function split(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + at.length)];
}
