import { type Dirent, readdirSync, statSync } from 'node:fs';
import { type GitIgnore, gitIgnoreAbove } from './gitignore.js';
import { isLeftOutDirectory, isLeftOutFile } from './left-out.js';
import { isUnder, realPathFrom } from './paths.js';
import type { Tsconfigs } from './tsconfig.js';

/** What lies under a directory. All paths absolute. */
export interface Found {
  readonly files: readonly string[];
  /** Symbolic links to TypeScript files, and where they lead. */
  readonly links: ReadonlyMap<string, string>;
  /** Where symbolic links to directories lead; they are not followed, so no loop can catch us. */
  readonly linkedDirectories: readonly string[];
  /** Each `tsconfig.json`. */
  readonly tsconfigs: readonly string[];
  /** Directories with a package.json or pnpm-workspace.yaml. */
  readonly packages: readonly string[];
  /** Directories with a configuration of aggro's; one in a package.json is not looked for. */
  readonly configured: readonly string[];
  readonly prismaSchemas: readonly string[];
}

export interface WalkOptions {
  readonly repository: string;
  readonly tsconfigs: Tsconfigs;
  readonly excludes: (file: string) => boolean;
  /** Takes back what is left out by default. */
  readonly keeps: (file: string) => boolean;
}

/**
 * One pass of our own instead of a glob: nested .gitignore files, `outDir`s and "beside a package.json" are known only
 * on the way down, and have to prune there.
 */
export function walk(root: string, { repository, tsconfigs, excludes, keeps }: WalkOptions): Found {
  const files: string[] = [];
  const links = new Map<string, string>();
  const linkedDirectories: string[] = [];
  const configs: string[] = [];
  const packages: string[] = [];
  const configured: string[] = [];
  const prismaSchemas: string[] = [];
  const outputs = new Set<string>();
  const visited = new Set<string>();
  const pending: { directory: string; rules: GitIgnore }[] = [{ directory: root, rules: gitIgnoreAbove(root, repository) }];

  for (let next = pending.pop(); next; next = pending.pop()) {
    const { directory } = next;
    visited.add(directory);
    const entries = entriesOf(directory);
    const names = new Set(entries.map(({ name }) => name));
    const rules = names.has('.gitignore') ? next.rules.within(directory) : next.rules;
    const besidePackage = names.has('package.json') || names.has('tsconfig.json');
    if (names.has('package.json') || names.has('pnpm-workspace.yaml')) packages.push(directory);
    for (const name of names) {
      if (CONFIG.test(name)) configured.push(directory);
      if (!TSCONFIG.test(name)) continue;
      if (name === 'tsconfig.json') configs.push(`${directory}/${name}`);
      for (const output of tsconfigs.read(`${directory}/${name}`)?.outputs ?? []) if (!isUnder(output, root)) outputs.add(output);
    }
    for (const entry of entries) {
      const file = `${directory === '/' ? '' : directory}/${entry.name}`;
      const kind = kindOf(entry, file);
      if (kind === 'directory' || kind === 'linked-directory') {
        if (isLeftOutDirectory(entry.name, besidePackage) && !keeps(file)) continue;
        if (outputs.has(file) || excludes(file) || rules.ignores(file, true)) continue;
        if (kind === 'directory') pending.push({ directory: file, rules });
        else linkedDirectories.push(realPathFrom(repository, file));
      } else if (kind === 'file' && entry.name.endsWith('.prisma')) prismaSchemas.push(file);
      else if (kind !== 'other' && SOURCE.test(entry.name) && !shadowed(entry.name, names)) {
        if (isLeftOutFile(entry.name) && !keeps(file)) continue;
        if (excludes(file) || rules.ignores(file, false)) continue;
        if (kind === 'file') files.push(file);
        else links.set(file, realPathFrom(repository, file));
      }
    }
  }
  // A tsconfig may name an output that was walked before it was read.
  const late = [...outputs].filter((output) => visited.has(output));
  const isSource = (file: string) => !late.some((output) => isUnder(output, file));
  const sources = late.length === 0 ? files : files.filter(isSource);
  return { files: sources, links, linkedDirectories, tsconfigs: configs, packages, configured, prismaSchemas };
}

export const SOURCE = /\.[cm]?tsx?$/;
const CONFIG = /^(?:aggro\.config\.|\.aggrorc)/;
const TSCONFIG = /^tsconfig.*\.json$/;

function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function kindOf(entry: Dirent, file: string): 'file' | 'directory' | 'link' | 'linked-directory' | 'other' {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  if (!entry.isSymbolicLink()) return 'other';
  try {
    const target = statSync(file);
    return target.isFile() ? 'link' : target.isDirectory() ? 'linked-directory' : 'other';
  } catch {
    return 'other';
  }
}

/** `order.d.ts` beside `order.ts` is what the compiler made of it. */
function shadowed(name: string, names: ReadonlySet<string>): boolean {
  const [, stem, flavour] = /^(.*)\.d\.([cm]?)ts$/.exec(name) ?? [];
  return stem !== undefined && (names.has(`${stem}.${flavour}ts`) || names.has(`${stem}.tsx`));
}
